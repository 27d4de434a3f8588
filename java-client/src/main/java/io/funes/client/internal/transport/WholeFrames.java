package io.funes.client.internal.transport;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stands before the HTTP/2 decoder of a plaintext connection and hands it whole frames only. The
 * decoder joins what it could not use with all that comes next by copying both, which for a stream
 * of full frames means nearly every byte; here only the frame that a read ends in is joined.
 */
final class WholeFrames extends ChannelInboundHandlerAdapter {
  /** RFC 9113 §4.1: length (3 bytes), type, flags, stream. */
  private static final int HEADER_BYTES = 9;

  /** RFC 9113 §6.5.2: what a peer may send where nobody has announced more. */
  private static final int FRAME_BYTES_MAX = HEADER_BYTES + (1 << 14);

  /** The beginning of a frame, in a buffer with room for all of it. */
  private ByteBuf begun;

  /** What comes is no frame: the decoder shall say what is wrong. */
  private boolean lost;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf read = (ByteBuf) message;
    if (begun != null) {
      finish(context, read);
    }
    int end = lost ? read.writerIndex() : endOfWhole(read);
    if (end == read.writerIndex()) {
      forward(context, read);
      return;
    }
    if (end > read.readerIndex()) {
      context.fireChannelRead(read.readRetainedSlice(end - read.readerIndex()));
    }
    if (begun == null) {
      begun = context.alloc().directBuffer(FRAME_BYTES_MAX, FRAME_BYTES_MAX);
    }
    begun.writeBytes(read);
    read.release();
  }

  private static void forward(ChannelHandlerContext context, ByteBuf bytes) {
    if (bytes.isReadable()) {
      context.fireChannelRead(bytes);
    } else {
      bytes.release();
    }
  }

  /** Moves the rest of the begun frame over, as far as it has come. */
  private void finish(ChannelHandlerContext context, ByteBuf read) {
    take(read, HEADER_BYTES);
    if (begun.readableBytes() >= HEADER_BYTES) {
      take(read, frameBytes(begun, begun.readerIndex()));
    }
    if (lost || (begun.readableBytes() >= HEADER_BYTES && isWhole(begun))) {
      ByteBuf frame = begun;
      begun = null;
      context.fireChannelRead(frame);
    }
  }

  private void take(ByteBuf read, int upTo) {
    int missing = upTo - begun.readableBytes();
    if (missing > 0) {
      begun.writeBytes(read, Math.min(missing, read.readableBytes()));
    }
  }

  private boolean isWhole(ByteBuf frame) {
    return frame.readableBytes() == frameBytes(frame, frame.readerIndex());
  }

  /** Index behind the last frame that ends in {@code read}. */
  private int endOfWhole(ByteBuf read) {
    int at = read.readerIndex();
    while (read.writerIndex() - at >= HEADER_BYTES) {
      int next = at + frameBytes(read, at);
      if (lost) {
        return read.writerIndex();
      }
      if (next > read.writerIndex()) {
        break;
      }
      at = next;
    }
    return at;
  }

  private int frameBytes(ByteBuf bytes, int at) {
    int length = HEADER_BYTES + bytes.getUnsignedMedium(at);
    lost |= length > FRAME_BYTES_MAX;
    return Math.min(length, FRAME_BYTES_MAX);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    drop();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    drop();
  }

  private void drop() {
    if (begun != null) {
      begun.release();
      begun = null;
    }
  }
}
