package io.funes.bench.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.CallSender;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.Payloads;
import io.funes.bench.system.ReadMode;
import io.funes.bench.system.RecordReceiver;
import io.funes.bench.system.RecordSender;
import io.funes.bench.system.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipeTest {
  private static final long RECORDS = 20_000;
  private static final int VALUE_BYTES = 100;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"false", "true"})
  void recordsComeBackWholeAndInOrder(String zeroCopy) throws Exception {
    Setting setting = new Setting("", Map.of("zero-copy", zeroCopy));
    try (LogUnderTest pipe = new Pipe(setting, folder)) {
      pipe.startBroker();
      Payloads payloads = new Payloads(VALUE_BYTES);
      Acknowledgements acknowledgements = new Acknowledgements();
      try (RecordSender sender = pipe.sender("", acknowledgements)) {
        for (long i = 0; i < RECORDS; i++) {
          sender.send(RecordSender.ANY_PARTITION, payloads.value(i));
        }
        sender.flush();
      }
      acknowledgements.requireExactly(RECORDS);

      List<Long> read = new ArrayList<>();
      try (RecordReceiver receiver = pipe.receiver("", ReadMode.COPIES)) {
        receiver.read(RECORDS, (_, sequence, _) -> read.add(sequence));
      }

      assertThat(read).containsExactlyElementsOf(LongStream.range(0, RECORDS).boxed().toList());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1024})
  void callsAreAnswered(int valueBytes) throws Exception {
    try (LogUnderTest pipe = new Pipe(Setting.DEFAULTS, folder)) {
      pipe.startBroker();
      CompletableFuture<Throwable> error = new CompletableFuture<>();
      try (CallSender sender = pipe.callSender("")) {
        sender.call(new byte[valueBytes], error::complete);

        assertThat(error.get(30, TimeUnit.SECONDS)).isNull();
      }
    }
  }
}
