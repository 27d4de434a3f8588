package io.funes.bench.pipe;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/**
 * The pipe's methods and numbers. A record on it: 8 bytes of frame, then the value, all of one
 * size.
 */
final class PipeProtocol {
  static final String SERVICE = "pipe.Pipe";
  static final int FRAME_BYTES = 8;
  static final int BATCH_BYTES = 256 << 10;
  static final int ACK_BYTES = 16;
  static final int FLOW_CONTROL_WINDOW_BYTES = 8 << 20;
  static final int MESSAGE_BYTES_MAX = 4 << 20;

  final MethodDescriptor<PipeMessage, PipeMessage> produce;
  final MethodDescriptor<PipeMessage, PipeMessage> fetch;
  final MethodDescriptor<PipeMessage, PipeMessage> unary;

  PipeProtocol(boolean zeroCopy) {
    MethodDescriptor.Marshaller<PipeMessage> marshaller = PipeMessage.marshaller(zeroCopy);
    produce = method("Produce", MethodType.BIDI_STREAMING, marshaller);
    fetch = method("Fetch", MethodType.SERVER_STREAMING, marshaller);
    unary = method("Unary", MethodType.UNARY, marshaller);
  }

  private static MethodDescriptor<PipeMessage, PipeMessage> method(
      String name, MethodType type, MethodDescriptor.Marshaller<PipeMessage> marshaller) {
    return MethodDescriptor.newBuilder(marshaller, marshaller)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setType(type)
        .build();
  }

  /** How many records of this size fill a batch. */
  static int recordsPerBatch(int valueBytes) {
    return BATCH_BYTES / (FRAME_BYTES + valueBytes);
  }
}
