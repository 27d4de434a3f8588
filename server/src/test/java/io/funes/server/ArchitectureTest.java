package io.funes.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.funes.server.broker.Broker;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Who may import whom. This table is the rule: think hard about the layers before changing it, and
 * change it nowhere else.
 */
public class ArchitectureTest {
  private static final String ROOT = "io.funes.server.";
  private static final String GRPC = "io.grpc";
  private static final String PROTO = "io.funes.proto";
  private static final String PROTOBUF = "com.google.protobuf";
  private static final String RPC_TYPES = "com.google.rpc";
  private static final String RATIS = "org.apache.ratis";
  private static final String ROCKSDB = "org.rocksdb";
  private static final String PROMETHEUS = "io.prometheus";

  /** The JDK, the logger, and the compiler's own annotations: open to all. */
  private static final List<String> OPEN_TO_ALL = List.of("java", "javax", "org.slf4j");

  /** Package to what it may import besides itself and {@link #OPEN_TO_ALL}. */
  private static final Map<String, List<String>> TABLE =
      Map.ofEntries(
          Map.entry("common", List.of()),
          Map.entry("metrics", List.of("common", PROMETHEUS)),
          Map.entry(
              "record",
              List.of("common", "com.github.luben.zstd", "net.jpountz", "org.xerial.snappy")),
          Map.entry("log.file", List.of("common")),
          Map.entry("log", List.of("common", "metrics", "record", "log.file", ROCKSDB)),
          Map.entry("metadata", List.of("common")),
          Map.entry("metadata.raft", List.of("common", "metrics", "metadata", RATIS)),
          Map.entry(
              "metadata.transport", List.of("metadata", "metadata.raft", PROTO, PROTOBUF, GRPC)),
          Map.entry("controller", List.of("common", "metadata")),
          Map.entry(
              "controller.transport", List.of("controller", "metadata", PROTO, PROTOBUF, GRPC)),
          Map.entry("replication", List.of("common", "metrics", "record", "log", "metadata")),
          Map.entry(
              "replication.transport", List.of("common", "replication", PROTO, PROTOBUF, GRPC)),
          Map.entry(
              "api.mapping",
              List.of("common", "record", "metadata", PROTO, PROTOBUF, RPC_TYPES, GRPC)),
          Map.entry("api.interceptor", List.of("common", "metrics", "api.mapping", GRPC)),
          // api.mapping: a refusal of the leader becomes one of ours, and back.
          Map.entry(
              "routing",
              List.of(
                  "common",
                  "record",
                  "metadata",
                  "replication",
                  "api.mapping",
                  PROTO,
                  PROTOBUF,
                  RPC_TYPES,
                  GRPC)),
          Map.entry(
              "api.produce",
              List.of(
                  "common",
                  "record",
                  "replication",
                  "metadata",
                  "routing",
                  "api.mapping",
                  PROTO,
                  GRPC)),
          // log: a LogSlice is lazy, and the reply's marshaller drains it into the transport's
          // buffers. A copy or a type of replication that only forwards would be the alternative.
          Map.entry(
              "api.fetch",
              List.of(
                  "common",
                  "record",
                  "log",
                  "replication",
                  "routing",
                  "api.mapping",
                  PROTO,
                  PROTOBUF,
                  GRPC)),
          // replication: new topics and producer names stop at a full disk too.
          Map.entry(
              "api",
              List.of(
                  "common", "metadata", "replication", "api.mapping", "api.produce", PROTO, GRPC)),
          // metadata: the broker's topic.default.* keys are the topic config keys of its table.
          Map.entry("config", List.of("common", "metadata")),
          Map.entry(
              "broker",
              List.of(
                  "common",
                  "metrics",
                  "log",
                  "log.file",
                  "metadata",
                  "metadata.raft",
                  "controller",
                  "controller.transport",
                  "metadata.transport",
                  "replication",
                  "replication.transport",
                  "routing",
                  "api",
                  "api.mapping",
                  "api.interceptor",
                  "api.produce",
                  "api.fetch",
                  "config",
                  PROTO,
                  GRPC)));

  /** The classes of the broker, without its tests. */
  public static final JavaClasses BROKER =
      new ClassFileImporter()
          .importUrl(Broker.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void packagesImportOnlyWhatTheTableLists() {
    TABLE.forEach((name, allowed) ->
        classes()
            .that()
            .resideInAPackage(ROOT + name)
            .should()
            .onlyDependOnClassesThat(oneOf(name, allowed))
            .because("the table in ArchitectureTest lists what " + name + " may import")
            .check(BROKER));
  }

  private static DescribedPredicate<JavaClass> oneOf(String name, List<String> allowed) {
    return DescribedPredicate.describe(
        "are listed for " + name,
        type -> {
          JavaClass base = type.getBaseComponentType();
          String from = base.getPackageName();
          return base.isPrimitive()
              || from.equals(ROOT + name)
              || OPEN_TO_ALL.stream().anyMatch(open -> within(from, open))
              || allowed.stream().anyMatch(other -> allows(from, other));
        });
  }

  /** Our own packages are listed one by one, those of libraries with all below them. */
  private static boolean allows(String from, String listed) {
    return TABLE.containsKey(listed) ? from.equals(ROOT + listed) : within(from, listed);
  }

  private static boolean within(String name, String parent) {
    return name.equals(parent) || name.startsWith(parent + ".");
  }

  @Test
  void everyPackageStandsInTheTable() {
    Set<String> existing =
        BROKER.stream()
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .map(JavaClass::getPackageName)
            .map(name -> name.substring(ROOT.length()))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(existing).isEqualTo(new TreeSet<>(TABLE.keySet()));
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("io.funes.server.(**)").should().beFreeOfCycles().check(BROKER);
  }

  @Test
  void librariesWithStateHaveOneImporter() {
    Set<String> importers =
        BROKER.stream()
            .filter(type ->
                type.getDirectDependenciesFromSelf().stream()
                    .anyMatch(use -> within(use.getTargetClass().getPackageName(), ROCKSDB)))
            .map(type -> type.getName().replaceAll("\\$.*", ""))
            .collect(Collectors.toSet());

    assertThat(importers).containsExactly(ROOT + "log.RocksProducerCheckpoints");
    onlyIn(RATIS, "metadata.raft");
    onlyIn(PROMETHEUS, "metrics");
    onlyIn(GRPC, "api..", "*.transport", "routing", "broker");
  }

  private static void onlyIn(String library, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            Arrays.stream(packages).map(name -> ROOT + name).toArray(String[]::new))
        .should()
        .dependOnClassesThat(resideInAPackage(library + ".."))
        .check(BROKER);
  }

  @Test
  void nothingStandsAboveTheBroker() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "broker")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "broker")
        .check(BROKER);
  }

  @Test
  void clocksThreadsAndConsolesHaveOneHome() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + "common.SystemTicker")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(BROKER);
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + "common.ThreadScheduler")
        .should()
        .callConstructor(Thread.class, Runnable.class, String.class)
        .orShould()
        .callConstructor(Thread.class, Runnable.class)
        .check(BROKER);
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(PrintStream.class, "println", String.class)
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(BROKER);
  }
}
