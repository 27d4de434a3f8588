package io.funes.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentSortedMapTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void behavesAsATreeMap(long seed) {
    Random random = new Random(seed);
    PersistentSortedMap<Integer, Integer> map = PersistentSortedMap.empty();
    TreeMap<Integer, Integer> model = new TreeMap<>();
    for (int i = 0; i < 2_000; i++) {
      int key = random.nextInt(300);
      if (random.nextInt(5) < 3) {
        map = map.with(key, i);
        model.put(key, i);
      } else {
        map = map.without(key);
        model.remove(key);
      }
      int from = random.nextInt(300);
      assertThat(map.size()).isEqualTo(model.size());
      assertThat(map.get(key).orElse(null)).isEqualTo(model.get(key));
      assertThat(map).containsExactlyElementsOf(model.values());
      assertThat(map.from(from)).containsExactlyElementsOf(model.tailMap(from).values());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 500, 1_000})
  void manyValuesAreReplacedAtOnceAsOneByOne(int count) {
    PersistentSortedMap<Integer, Integer> map = PersistentSortedMap.empty();
    for (int key = 0; key < 1_000; key++) {
      map = map.with(key, key);
    }
    TreeMap<Integer, Integer> values = new TreeMap<>();
    PersistentSortedMap<Integer, Integer> oneByOne = map;
    Random random = new Random(count);
    while (values.size() < count) {
      int key = random.nextInt(1_000);
      values.put(key, -key);
      oneByOne = oneByOne.with(key, -key);
    }

    PersistentSortedMap<Integer, Integer> replaced = map.replacing(values);

    assertThat(replaced).isEqualTo(oneByOne);
    values.forEach((key, value) -> assertThat(replaced.get(key)).contains(value));
    assertThat(replaced.size()).isEqualTo(1_000);
  }

  @Test
  void olderCopiesStayAsTheyWere() {
    PersistentSortedMap<String, Integer> one =
        PersistentSortedMap.<String, Integer>empty().with("a", 1);
    PersistentSortedMap<String, Integer> two = one.with("a", 2).with("b", 3);

    assertThat(two.without("a")).containsExactly(3);
    assertThat(one).containsExactly(1);
    assertThat(two).containsExactly(2, 3).isEqualTo(one.with("b", 3).with("a", 2));
    assertThat(one.without("x")).isSameAs(one);
  }

  @Test
  void staysShallowWhenKeysComeInOrder() {
    PersistentSortedMap<Integer, Integer> map = PersistentSortedMap.empty();
    for (int key = 0; key < 100_000; key++) {
      map = map.with(key, key); // A list-shaped tree would overflow the stack long before the end.
    }
    for (int key = 0; key < 99_990; key++) {
      map = map.without(key);
    }

    assertThat(map)
        .containsExactlyElementsOf(
            List.of(99990, 99991, 99992, 99993, 99994, 99995, 99996, 99997, 99998, 99999));
  }
}
