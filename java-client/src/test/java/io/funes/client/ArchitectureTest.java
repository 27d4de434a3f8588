package io.funes.client;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
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
final class ArchitectureTest {
  private static final String ROOT = "io.funes.client";
  private static final String INTERNAL = ROOT + ".internal";
  private static final String GRPC = "io.grpc";
  private static final String PROTO = "io.funes.proto";
  private static final String PROTOBUF = "com.google.protobuf";
  private static final String RPC_TYPES = "com.google.rpc";

  /** The JDK and the logger. */
  private static final List<String> OPEN_TO_ALL = List.of("java", "org.slf4j");

  /**
   * Internal package to what it may import besides itself, {@link #OPEN_TO_ALL} and the values of
   * the public API.
   */
  private static final Map<String, List<String>> TABLE =
      Map.of(
          "record",
          List.of(PROTO, PROTOBUF, "com.github.luben.zstd", "net.jpountz", "org.xerial.snappy"),
          "transport",
          List.of(PROTO, PROTOBUF, RPC_TYPES, GRPC),
          "cluster",
          List.of("transport", PROTO, PROTOBUF, GRPC),
          "produce",
          List.of("record", "transport", "cluster", PROTO, PROTOBUF, GRPC),
          "consume",
          List.of("record", "transport", "cluster", PROTO, PROTOBUF, GRPC));

  /** The clients, and what a poll does with a frame: the only ones that know internals. */
  private static final Set<String> CLIENTS =
      Set.of("Admin", "BatchDecoder", "BatchView", "Consumer", "OpenBatch", "Producer");

  private static final JavaClasses CLIENT =
      new ClassFileImporter()
          .importUrl(Producer.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void internalPackagesImportOnlyWhatTheTableLists() {
    TABLE.forEach((name, allowed) ->
        classes()
            .that()
            .resideInAPackage(INTERNAL + "." + name)
            .should()
            .onlyDependOnClassesThat(areListed(name, allowed))
            .because("the table in ArchitectureTest lists what " + name + " may import")
            .check(CLIENT));
  }

  private static DescribedPredicate<JavaClass> areListed(String name, List<String> allowed) {
    return DescribedPredicate.describe(
        "are listed for " + name,
        type -> {
          JavaClass base = type.getBaseComponentType();
          String from = base.getPackageName();
          return base.isPrimitive()
              || from.equals(INTERNAL + "." + name)
              || from.equals(ROOT)
              || OPEN_TO_ALL.stream().anyMatch(open -> within(from, open))
              || allowed.stream().anyMatch(other -> allows(from, other));
        });
  }

  private static boolean allows(String from, String listed) {
    return TABLE.containsKey(listed) ? from.equals(INTERNAL + "." + listed) : within(from, listed);
  }

  private static boolean within(String name, String parent) {
    return name.equals(parent) || name.startsWith(parent + ".");
  }

  @Test
  void everyPackageStandsInTheTable() {
    Set<String> existing =
        CLIENT.stream()
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .map(JavaClass::getPackageName)
            .filter(name -> !name.equals(ROOT))
            .map(name -> name.substring(INTERNAL.length() + 1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(existing).isEqualTo(new TreeSet<>(TABLE.keySet()));
  }

  @Test
  void internalPackagesFormNoCycle() {
    slices().matching(INTERNAL + ".(**)").should().beFreeOfCycles().check(CLIENT);
  }

  @Test
  void valuesOfTheApiKnowNoInternals() {
    noClasses()
        .that(areValues())
        .should()
        .dependOnClassesThat(resideInAPackage(INTERNAL + ".."))
        .orShould()
        .dependOnClassesThat(resideInAPackage(GRPC + ".."))
        .check(CLIENT);
  }

  @Test
  void internalsKnowOfTheApiOnlyItsValues() {
    noClasses()
        .that()
        .resideInAPackage(INTERNAL + "..")
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT).and(DescribedPredicate.not(areValues())))
        .check(CLIENT);
  }

  /** The part of the public API below the internals: records, settings, callbacks, exceptions. */
  private static DescribedPredicate<JavaClass> areValues() {
    return DescribedPredicate.describe(
        "are values of the API",
        type -> type.getPackageName().equals(ROOT) && !CLIENTS.contains(outermost(type)));
  }

  private static String outermost(JavaClass type) {
    return type.getName().substring(type.getPackageName().length() + 1).replaceAll("\\$.*", "");
  }

  @Test
  void clocksHaveOneHome() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.Ticker(\\$\\d+)?")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLIENT);
  }
}
