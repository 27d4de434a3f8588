package io.funes.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.client.internal.record.Codecs;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CompressionTest {
  @ParameterizedTest
  @EnumSource(Compression.class)
  void recordsComeBackFromCompressedBatches(Compression compression) {
    List<String> sent = IntStream.range(0, 2_000).mapToObj(i -> "line " + i).toList();
    List<String> read = new ArrayList<>();
    try (FakeBroker broker = new FakeBroker()) {
      FakeTopic topic = broker.topic("t", 1);
      try (Producer producer =
          Producer.builder()
              .server(broker.address())
              .batchBytes(8 << 10)
              .lingerMs(50)
              .compression(compression)
              .build()) {
        sent.forEach(v -> producer.send(ProducerRecord.to("t").value(v).build(), null));
      }
      boolean compressed = compression != Compression.NONE;
      assertThat(topic.log(0).batches)
          .allMatch(batch -> batch.getAttributes() == Codecs.id(compression))
          .allMatch(batch -> batch.hasCompressedRecords() == compressed);
      try (Consumer consumer = Consumer.builder().server(broker.address()).build()) {
        consumer.assign("t");
        ClientFixture.await(
            "all records",
            () -> {
              consumer.poll(Duration.ofMillis(100)).forEach(r -> read.add(r.valueText()));
              return read.size() >= sent.size();
            });
      }
      assertThat(broker.fetch.reads.get(0).getAcceptedCodecsList()).hasSize(4);
    }
    assertThat(read).isEqualTo(sent);
  }

  @Test
  void batchThatCompressionWouldEnlargeGoesAsItIs() {
    try (FakeBroker broker = new FakeBroker()) {
      FakeTopic topic = broker.topic("t", 1);
      try (Producer producer =
          Producer.builder().server(broker.address()).compression(Compression.GZIP).build()) {
        producer.send(ProducerRecord.to("t").value("x").build(), null);
      }
      assertThat(topic.log(0).batches.get(0).getAttributes()).isZero();
    }
  }

  @Test
  void missingLibraryIsNamed() throws Exception {
    try (WithoutLibraries loader = new WithoutLibraries()) {
      Class<?> codecs = loader.loadClass("io.funes.client.internal.record.Codecs");
      Class<?> compression = loader.loadClass("io.funes.client.Compression");
      var require = codecs.getDeclaredMethod("require", compression);
      var readable = codecs.getDeclaredMethod("readable");
      assertThat(readable.invoke(null)).hasToString("[GZIP]");
      Object zstd = compression.getField("ZSTD").get(null);
      assertThatThrownBy(() -> require.invoke(null, zstd))
          .cause()
          .hasMessageContaining("com.github.luben:zstd-jni")
          .extracting(e -> e.getClass().getSimpleName())
          .isEqualTo("CodecMissingException");
    }
  }

  /** Loads the client anew, on a class path without the codecs' libraries. */
  private static final class WithoutLibraries extends ClassLoader implements AutoCloseable {
    WithoutLibraries() {
      super(CompressionTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("com.github.luben.")
          || name.startsWith("net.jpountz.")
          || name.startsWith("org.xerial.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("io.funes.client.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? define(name) : known;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    @Override
    public void close() {}
  }
}
