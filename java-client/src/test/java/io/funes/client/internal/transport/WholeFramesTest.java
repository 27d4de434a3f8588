package io.funes.client.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class WholeFramesTest {
  private static final int FRAME_BYTES_MAX = 9 + (1 << 14);

  private final EmbeddedChannel socket = new EmbeddedChannel(new WholeFrames());

  @RepeatedTest(50)
  void howeverTheSocketCutsFramesTheyArriveWhole(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    ByteBuf sent = Unpooled.buffer();
    for (int i = 0; i < 30; i++) {
      int payload = random.nextInt(4) == 0 ? 1 << 14 : random.nextInt(40);
      sent.writeMedium(payload).writeZero(6);
      for (int b = 0; b < payload; b++) {
        sent.writeByte(random.nextInt());
      }
    }
    int readMax = random.nextBoolean() ? 20 : 64 << 10;

    ByteBuf received = Unpooled.buffer();
    while (sent.isReadable()) {
      int length = Math.min(sent.readableBytes(), 1 + random.nextInt(readMax));
      ByteBuf read = sent.copy(sent.readerIndex(), length);
      sent.skipBytes(length);
      socket.writeInbound(read);
      for (ByteBuf frames; (frames = socket.readInbound()) != null; frames.release()) {
        assertEndsWithAFrame(frames);
        received.writeBytes(frames, frames.readerIndex(), frames.readableBytes());
      }
      assertThat(read.refCnt()).as("references to a read").isZero();
    }

    assertThat(ByteBufUtil.equals(received, sent.readerIndex(0))).isTrue();
  }

  private static void assertEndsWithAFrame(ByteBuf frames) {
    int at = frames.readerIndex();
    while (at < frames.writerIndex()) {
      at += 9 + frames.getUnsignedMedium(at);
    }
    assertThat(at).isEqualTo(frames.writerIndex());
  }

  @Test
  void whatIsNoFrameIsLeftToTheDecoder() {
    byte[] answer =
        "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    ByteBuf received = Unpooled.buffer();
    for (byte b : answer) {
      socket.writeInbound(Unpooled.wrappedBuffer(new byte[] {b}));
      for (ByteBuf bytes; (bytes = socket.readInbound()) != null; bytes.release()) {
        received.writeBytes(bytes);
      }
    }

    assertThat(ByteBufUtil.getBytes(received)).isEqualTo(answer);
  }

  @Test
  void aFrameThatNeverEndsIsDroppedWithItsConnection() {
    ByteBuf half = Unpooled.buffer().writeMedium(FRAME_BYTES_MAX - 9).writeZero(100);
    socket.writeInbound(half);

    assertThat(socket.finish()).as("anything left").isFalse();
    assertThat(half.refCnt()).isZero();
  }
}
