package io.funes.client.internal.consume;

import io.funes.proto.v1.Start;

/** Where one assigned partition stands. Guarded by its {@link Assignment}. */
final class ReadState {
  static final long UNKNOWN = -1;

  /** Where to begin; null once an offset is known. */
  private Start start;

  /** Next offset that the caller gets. */
  private long position = UNKNOWN;

  /** Next offset that the broker sends. */
  private long received = UNKNOWN;

  private long highWatermark = UNKNOWN;
  private long bufferedBytes;

  /** Id of the topic that the place is in; empty while it is not known. */
  private String topicId = "";

  /** Whether the broker has said that the name belongs to another topic now. */
  private boolean replaced;

  ReadState(Start start) {
    seek(start);
  }

  void seek(Start to) {
    if (replaced) {
      replaced = false;
      topicId = "";
    }
    start = to.hasOffset() ? null : to;
    position = to.hasOffset() ? to.getOffset() : UNKNOWN;
    received = position;
  }

  String topicId() {
    return topicId;
  }

  void topicId(String id) {
    topicId = id;
  }

  /** The next seek means the other topic. */
  void replaced() {
    replaced = true;
  }

  /** The frames not polled yet are thrown away. */
  void forgetReceived() {
    received = position;
  }

  /**
   * The earliest place stays a name until a frame says what it is: retention may move it meanwhile.
   */
  boolean mustResolve() {
    return start != null && !start.hasEarliest();
  }

  Start next() {
    return start == null ? Start.newBuilder().setOffset(received).build() : start;
  }

  void received(Frame frame) {
    received = frame.nextOffset();
    highWatermark = frame.highWatermark();
    bufferedBytes += frame.creditBytes();
    if (start != null) {
      start = null;
      position = frame.startOffset();
    }
  }

  void freed(long bytes) {
    bufferedBytes = Math.max(0, bufferedBytes - bytes);
  }

  long bufferedBytes() {
    return bufferedBytes;
  }

  void highWatermark(long offset) {
    highWatermark = offset;
  }

  long highWatermark() {
    return highWatermark;
  }

  long position() {
    return position;
  }

  void position(long offset) {
    position = offset;
  }

  long received() {
    return received;
  }
}
