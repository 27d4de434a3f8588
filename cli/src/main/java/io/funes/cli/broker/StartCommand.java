package io.funes.cli.broker;

import io.funes.cli.logging.LogSetup;
import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Failures;
import io.funes.cli.terminal.Invocation;
import io.funes.cli.terminal.Json;
import io.funes.cli.terminal.OnInterrupt;
import io.funes.server.config.BrokerConfig;
import io.funes.server.config.ConfigSources;
import io.funes.server.config.ListenAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a broker until it is told to stop. */
@Command(
    name = "start",
    description = {
      "Start a broker, and run it until Ctrl-C or SIGTERM.",
      "Prints one line when it is ready to serve. Its log goes to the standard error."
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {
      "",
      "Every key of docs/configuration.md can be given with --set, in the file, or as",
      "an environment variable (node.id: FUNES_NODE_ID). A flag wins over the",
      "environment, and that over the file.",
      "",
      "Examples:",
      "  funes start",
      "  funes start --data /var/lib/funes --listen 0.0.0.0:1942",
      "  funes start --data other --listen 127.0.0.1:1952 --join 127.0.0.1:1944",
      "                                     (a second broker here, of the same cluster)"
    })
public final class StartCommand implements Callable<Integer> {
  private final Invocation invocation;
  private final RunningBroker.Starter starter;
  private volatile boolean stopping;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder for everything that the broker keeps. Default: ./funes-data.")
  private String data;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Where clients connect; port 0 takes a free one. Metrics are served on the next port, and"
              + " other brokers on the one after. Default: 127.0.0.1:1942.")
  private String listen;

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT",
      description =
          "For a new broker: the internal address of a broker of the cluster that it joins (its --listen"
              + " port plus two, unless internal.listen says otherwise), or several with commas."
              + " Default: a cluster of its own.")
  private String join;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Lines of key = value. Default: FUNES_CONFIG, else none.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a configuration key; may be repeated.")
  private List<String> settings = new ArrayList<>();

  private StartCommand(Invocation invocation, RunningBroker.Starter starter) {
    this.invocation = invocation;
    this.starter = starter;
  }

  public static CommandLine commandLine(Invocation invocation) {
    return commandLine(invocation, ServerBroker::start);
  }

  static CommandLine commandLine(Invocation invocation, RunningBroker.Starter starter) {
    return new CommandLine(new StartCommand(invocation, starter))
        .setExecutionExceptionHandler((thrown, at, parsed) -> Failures.report(thrown, invocation));
  }

  @Override
  public Integer call() throws InterruptedException {
    BrokerConfig brokerConfig = brokerConfig();
    LogSetup.apply(brokerConfig.logging());
    checkListen(brokerConfig);
    try (RunningBroker broker = starter.start(brokerConfig)) {
      OnInterrupt.run(() -> stop(broker), () -> serve(broker, brokerConfig));
    }
    if (stopping) {
      return ExitCode.OK;
    }
    throw new CommandFailure(
        ExitCode.FAILED, "STOPPED", "the broker stopped by itself; its log says why", null);
  }

  private BrokerConfig brokerConfig() {
    ConfigSources sources = new ConfigSources();
    String fallback = invocation.environment().getOrDefault("FUNES_CONFIG", "");
    if (config != null) {
      sources.file(config);
    } else if (!fallback.isEmpty()) {
      sources.file(Path.of(fallback));
    }
    sources.environment(invocation.environment());
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals <= 0) {
        throw CommandFailure.usage("--set \"%s\" is not KEY=VALUE".formatted(setting));
      }
      sources.flag("--set", setting.substring(0, equals), setting.substring(equals + 1));
    }
    if (data != null) {
      sources.flag("--data", "data.dir", data);
    }
    if (listen != null) {
      sources.flag("--listen", "listen", listen);
    }
    if (join != null) {
      sources.flag("--join", "cluster.join", join);
    }
    BrokerConfig loaded = sources.load();
    sources.warnings().forEach(this::warn);
    return loaded;
  }

  private void checkListen(BrokerConfig brokerConfig) {
    ListenAddress address = brokerConfig.network().listen();
    if (address.socketAddress().isUnresolved()) {
      throw CommandFailure.usage("cannot listen on %s: there is no such host".formatted(address));
    }
    if (!address.loopback()) {
      warn(
          "%s can be reached from other machines, without TLS and without passwords; listen on 127.0.0.1 unless the network is yours"
              .formatted(address));
    }
    brokerConfig
        .cluster()
        .internalListen()
        .filter(internal -> !internal.loopback() && brokerConfig.cluster().internalTls().isEmpty())
        .ifPresent(internal ->
            warn(
                "whoever reaches %s can be a broker of the cluster: set internal.tls.*, or keep it to a network of brokers"
                    .formatted(internal)));
  }

  private void warn(String what) {
    if (invocation.json()) {
      invocation.err().println(Json.text(Map.of("warning", what)));
    } else {
      invocation.err().println("warning: " + what);
    }
  }

  private Void serve(RunningBroker broker, BrokerConfig brokerConfig) throws InterruptedException {
    announce(broker, brokerConfig);
    broker.awaitStop();
    return null;
  }

  private void announce(RunningBroker broker, BrokerConfig brokerConfig) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ready", true);
    fields.put("address", broker.address());
    broker.metricsPort().ifPresent(port -> fields.put("metrics_port", port));
    broker.internalAddress().ifPresent(address -> fields.put("internal_address", address));
    fields.put("node_id", broker.nodeId());
    fields.put("data", brokerConfig.dataFolder());
    fields.put("topics", broker.topicCount());
    fields.put("partitions", broker.partitionCount());
    invocation.reply(
        fields,
        "funes ready on %s%s, data %s (%s, %s)"
            .formatted(
                broker.address(),
                broker.internalAddress().map(address -> ", for brokers " + address).orElse(""),
                brokerConfig.dataFolder(),
                count(broker.topicCount(), "topic"),
                count(broker.partitionCount(), "partition")));
    if (invocation.terminal().out() && !invocation.json()) {
      FirstSteps.lines(broker, invocation.command()).forEach(invocation.out()::line);
    }
    invocation.out().flush();
  }

  /** Asked to stop, a broker that does so has not failed: its exit code is 0, not the signal's. */
  private void stop(RunningBroker broker) {
    stopping = true;
    broker.close();
    Runtime.getRuntime().halt(ExitCode.OK);
  }

  private static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
