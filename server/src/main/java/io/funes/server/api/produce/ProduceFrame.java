package io.funes.server.api.produce;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.record.Varint;
import io.funes.server.replication.Acks;
import io.funes.server.replication.AppendTerms;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A {@code ProduceRequest} found in its bytes: small fields read, records and batch left where they
 * are and known by index. Reused by its thread.
 */
final class ProduceFrame {
  static final int NO_PARTITION = -1;

  private static final Acks[] ACKS = {Acks.ALL, Acks.NONE, Acks.LEADER, Acks.ALL};

  ByteBuffer bytes;
  long correlationId;
  String topic;
  String topicId;
  int partition;
  Acks acks;
  boolean hasProducer;
  long producerId;
  int producerEpoch;
  int sequence;
  long expectedOffset;
  int leaderEpoch;
  int batchTagAt;
  int batchAt;
  int batchLength;

  /** The entries of {@code records}, which are a batch body as they stand; -1 for none. */
  int recordsAt;

  int recordsEnd;

  private int position;
  private boolean answerable;
  private RefusedException fault;

  /**
   * Reads a {@code ProduceRequest}, or the message of {@code ProduceStream} around one, in {@code
   * [at, end)}. What is wrong with it is kept for {@link #checkReadable}: a marshaller that throws
   * would end the call with UNKNOWN, and a stream with it.
   */
  void parse(ByteBuffer b, int at, int end, boolean stream) {
    clear(b, at);
    try {
      int requestEnd = stream ? envelope(end) : end;
      answerable = true;
      parse(requestEnd);
    } catch (RefusedException e) {
      fault = e;
    }
  }

  /** Finds the request in the message around it, and the id that its answer needs. */
  private int envelope(int end) {
    int requestAt = -1;
    int requestEnd = -1;
    while (position < end) {
      int tag = tag(end);
      switch (tag) {
        case 0x0a -> {
          int length = length(end, "request");
          requestAt = position;
          requestEnd = position + length;
          position = requestEnd;
        }
        case 0x10 -> correlationId = varint(end);
        default -> skip(tag, end);
      }
    }
    if (requestAt < 0) {
      answerable = true;
      throw invalid("request", "a message of the stream needs a request");
    }
    position = requestAt;
    return requestEnd;
  }

  /** Throws what {@link #parse} found wrong. */
  void checkReadable() {
    if (fault != null) {
      throw fault;
    }
  }

  /** False where not even the id of the request could be read. */
  boolean answerable() {
    return answerable;
  }

  private void clear(ByteBuffer b, int at) {
    bytes = b;
    position = at;
    answerable = false;
    fault = null;
    correlationId = 0;
    topic = "";
    topicId = "";
    partition = NO_PARTITION;
    acks = Acks.ALL;
    hasProducer = false;
    producerId = 0;
    producerEpoch = 0;
    sequence = 0;
    expectedOffset = AppendTerms.ANY_OFFSET;
    leaderEpoch = 0;
    batchTagAt = -1;
    recordsAt = -1;
  }

  private void parse(int end) {
    while (position < end) {
      int tagAt = position;
      int tag = tag(end);
      switch (tag) {
        case 0x0a -> records(tagAt, end);
        case 0x12 -> {
          if (batchTagAt >= 0) {
            throw invalid("batch", "batch stands twice");
          }
          batchTagAt = tagAt;
          batchLength = length(end, "batch");
          batchAt = position;
          position += batchLength;
        }
        case 0x1a -> topic = text(end, "topic");
        case 0x20 -> partition = notNegative(varint(end), "partition");
        case 0x28 -> acks = acks(varint(end));
        case 0x32 -> producer(length(end, "producer"));
        case 0x38 -> {
          expectedOffset = varint(end);
          if (expectedOffset < 0) {
            throw invalid("expected_offset", "expected_offset must not be negative");
          }
        }
        case 0x42 -> topicId = text(end, "topic_id");
        case 0x4d -> leaderEpoch = fixed32(end);
        default -> skip(tag, end);
      }
    }
  }

  private void records(int tagAt, int end) {
    int length = length(end, "records");
    if (recordsAt < 0) {
      recordsAt = tagAt;
    } else if (recordsEnd != tagAt) {
      // Legal in protobuf, but no serializer does it, and a body in one piece is what makes the
      // path fast.
      throw invalid(
          "records", "other fields stand between the records: send them next to each other");
    }
    position += length;
    recordsEnd = position;
  }

  private void producer(int length) {
    hasProducer = true;
    int end = position + length;
    while (position < end) {
      int tag = tag(end);
      switch (tag) {
        case 0x08 -> producerId = varint(end);
        case 0x10 -> producerEpoch = notNegative(varint(end), "producer.epoch");
        case 0x18 -> sequence = notNegative(varint(end), "producer.sequence");
        default -> skip(tag, end);
      }
    }
    if (producerId <= 0) {
      throw invalid(
          "producer.producer_id",
          "producer_id must be positive: draw one at random, or call InitProducer");
    }
  }

  private static Acks acks(long value) {
    if (value < 0 || value >= ACKS.length) {
      throw invalid(
          "acks", "acks %d is unknown: use ACKS_NONE, ACKS_LEADER or ACKS_ALL".formatted(value));
    }
    return ACKS[(int) value];
  }

  private static int notNegative(long value, String field) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw invalid(
          field, "%s %d is out of range: use 0 to %d".formatted(field, value, Integer.MAX_VALUE));
    }
    return (int) value;
  }

  private String text(int end, String field) {
    int length = length(end, field);
    if (length > 1024) {
      throw invalid(field, "%s is %d bytes long".formatted(field, length));
    }
    byte[] text = new byte[length];
    bytes.get(position, text);
    position += length;
    return new String(text, StandardCharsets.UTF_8);
  }

  private int tag(int end) {
    long tag = varint(end);
    return tag > 0 && tag <= Integer.MAX_VALUE ? (int) tag : 0;
  }

  private int length(int end, String field) {
    long length = varint(end);
    if (length < 0 || length > end - position) {
      throw invalid(field, "%s is longer than the message around it".formatted(field));
    }
    return (int) length;
  }

  private long varint(int end) {
    int size = Varint.length(bytes, position, end);
    if (size < 0) {
      throw invalid("", "the message is cut or is no ProduceRequest");
    }
    long value = Varint.read(bytes, position, size);
    position += size;
    return value;
  }

  private int fixed32(int end) {
    if (end - position < Integer.BYTES) {
      throw invalid("", "the message is cut or is no ProduceRequest");
    }
    int value = bytes.getInt(position);
    position += Integer.BYTES;
    return value;
  }

  private void skip(int tag, int end) {
    int width =
        switch (tag & 7) {
          case 0 -> skipVarint(end);
          case 1 -> Long.BYTES;
          case 2 -> length(end, "unknown field");
          case 5 -> Integer.BYTES;
          default -> throw invalid("", "the message is no ProduceRequest");
        };
    if (tag == 0 || width > end - position) {
      throw invalid("", "the message is cut or is no ProduceRequest");
    }
    position += width;
  }

  private int skipVarint(int end) {
    varint(end);
    return 0;
  }

  boolean hasBatch() {
    return batchTagAt >= 0;
  }

  boolean hasRecords() {
    return recordsAt >= 0;
  }

  static RefusedException invalid(String field, String message) {
    return Refusal.of(ErrorCode.INVALID_ARGUMENT, message).field(field).exception();
  }
}
