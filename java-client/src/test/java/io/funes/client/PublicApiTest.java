package io.funes.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What users of the client can see. */
final class PublicApiTest {
  /** A new name here is a promise to users. */
  private static final Set<String> PUBLIC =
      Set.of(
          "AccessDeniedException",
          "Acks",
          "Admin",
          "Admin$Builder",
          "BatchTooLargeException",
          "BatchView",
          "BatchViews",
          "BrokerFaultException",
          "BufferFullException",
          "CallTimeoutException",
          "ClientClosedException",
          "ClusterDescription",
          "ClusterDescription$Broker",
          "ClusterDescription$BrokerState",
          "ClusterDescription$PartitionCounts",
          "ClusterDescription$Problem",
          "ClusterDescription$QuorumMember",
          "ClusterDescription$UnhealthyPartition",
          "CodecMissingException",
          "Compression",
          "Consumer",
          "Consumer$Builder",
          "ConsumerRecord",
          "ConsumerRecords",
          "CorruptBatchException",
          "DeliveryTimeoutException",
          "ErrorReason",
          "Failure",
          "FunesException",
          "Header",
          "InvalidRequestException",
          "LeaderElection",
          "LimitReachedException",
          "NewTopic",
          "OffsetMismatchException",
          "OffsetOutOfRangeException",
          "OffsetReset",
          "PartitionDescription",
          "PartitionOffsets",
          "Producer",
          "Producer$Builder",
          "ProducerFencedException",
          "ProducerRecord",
          "ProducerRecord$Builder",
          "Reassignment",
          "RecordPosition",
          "RecordRefusedException",
          "ReplicaDescription",
          "SendCallback",
          "SequenceGapException",
          "StartPosition",
          "TopicChange",
          "TopicDescription",
          "TopicExistsException",
          "TopicPartition",
          "TopicRecreatedException",
          "UnavailableException",
          "UnknownTopicException");

  private static List<Class<?>> publicClasses() throws Exception {
    Path root = Path.of(Producer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> classes = new ArrayList<>();
    // What is below is internal; ArchitectureTest says who may know it.
    try (Stream<Path> files = Files.list(root.resolve("io/funes/client"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = root.relativize(file).toString().replace('/', '.').replace(".class", "");
        if (!name.endsWith("package-info")) {
          Class<?> found = Class.forName(name, false, PublicApiTest.class.getClassLoader());
          if (Modifier.isPublic(found.getModifiers())) {
            classes.add(found);
          }
        }
      }
    }
    return classes;
  }

  @Test
  void onlyThesePublicTypesExist() throws Exception {
    Set<String> names =
        publicClasses().stream()
            .map(c -> c.getName().substring(c.getPackageName().length() + 1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(names).isEqualTo(new TreeSet<>(PUBLIC));
  }

  @Test
  void signaturesNameOnlyTheJdkAndPublicTypesOfTheClient() throws Exception {
    List<String> leaks = new ArrayList<>();
    Predicate<String> allowed =
        name -> {
          String plain = name.replaceAll("[\\[\\]]", "").replaceAll("<.*", "");
          return !plain.contains(".")
              || plain.startsWith("java.")
              || PUBLIC.contains(plain.replace("io.funes.client.", ""));
        };
    for (Class<?> type : publicClasses()) {
      check(type.getGenericSuperclass(), type.getName(), allowed, leaks);
      for (Type each : type.getGenericInterfaces()) {
        check(each, type.getName(), allowed, leaks);
      }
      for (Method method : type.getDeclaredMethods()) {
        if (visible(method)) {
          check(method.getGenericReturnType(), method.toString(), allowed, leaks);
          check(method.getGenericParameterTypes(), method.toString(), allowed, leaks);
          check(method.getGenericExceptionTypes(), method.toString(), allowed, leaks);
        }
      }
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (visible(constructor)) {
          check(constructor.getGenericParameterTypes(), constructor.toString(), allowed, leaks);
        }
      }
      for (Field field : type.getDeclaredFields()) {
        if (visible(field)) {
          check(field.getGenericType(), field.toString(), allowed, leaks);
        }
      }
    }
    assertThat(leaks).isEmpty();
  }

  private static boolean visible(Member member) {
    boolean open =
        Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
    return open && !member.isSynthetic();
  }

  private static void check(
      Type[] types, String where, Predicate<String> allowed, List<String> leaks) {
    Arrays.stream(types).forEach(type -> check(type, where, allowed, leaks));
  }

  private static void check(
      Type type, String where, Predicate<String> allowed, List<String> leaks) {
    if (type != null) {
      for (String name : type.getTypeName().split("[<>, ]+|\\? extends |\\? super ", -1)) {
        if (!allowed.test(name)) {
          leaks.add(name + " in " + where);
        }
      }
    }
  }
}
