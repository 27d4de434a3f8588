package io.funes.server.metadata;

import static java.util.Map.Entry.comparingByKey;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;

/**
 * An immutable sorted map whose changed copies share all but O(log n) nodes with the original: an
 * AVL tree with path copying. It is what makes a new image cheap at ten thousand topics, and its
 * order is the order of topic listings.
 */
public final class PersistentSortedMap<K extends Comparable<K>, V> implements Iterable<V> {
  private record Node<K, V>(
      K key, V value, Node<K, V> left, Node<K, V> right, int height, int size) {
    static <K, V> Node<K, V> of(K key, V value, Node<K, V> left, Node<K, V> right) {
      return new Node<>(
          key,
          value,
          left,
          right,
          1 + Math.max(heightOf(left), heightOf(right)),
          1 + sizeOf(left) + sizeOf(right));
    }

    static int heightOf(Node<?, ?> node) {
      return node == null ? 0 : node.height;
    }

    static int sizeOf(Node<?, ?> node) {
      return node == null ? 0 : node.size;
    }

    int lean() {
      return heightOf(left) - heightOf(right);
    }
  }

  private static final PersistentSortedMap<?, ?> EMPTY =
      new PersistentSortedMap<String, Object>(null);

  private final Node<K, V> root;

  private PersistentSortedMap(Node<K, V> root) {
    this.root = root;
  }

  @SuppressWarnings("unchecked") // It holds nothing, so it is a map of any types.
  public static <K extends Comparable<K>, V> PersistentSortedMap<K, V> empty() {
    return (PersistentSortedMap<K, V>) EMPTY;
  }

  public int size() {
    return Node.sizeOf(root);
  }

  public Optional<V> get(K key) {
    Node<K, V> node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return Optional.of(node.value);
      }
      node = order < 0 ? node.left : node.right;
    }
    return Optional.empty();
  }

  public PersistentSortedMap<K, V> with(K key, V value) {
    return new PersistentSortedMap<>(put(root, key, value));
  }

  /**
   * With other values for keys that it holds: one pass over the part of the tree that changes,
   * which costs far less than {@link #with} for each when they are many.
   */
  PersistentSortedMap<K, V> replacing(SortedMap<K, V> values) {
    return values.isEmpty()
        ? this
        : new PersistentSortedMap<>(replace(root, new ArrayList<>(values.entrySet())));
  }

  public PersistentSortedMap<K, V> without(K key) {
    return get(key).isEmpty() ? this : new PersistentSortedMap<>(remove(root, key));
  }

  /** The values in key order. */
  @Override
  public Iterator<V> iterator() {
    return new Ascending<>(root, null);
  }

  /** The values of {@code keyMin} and all higher keys, in key order. */
  public Iterable<V> from(K keyMin) {
    return () -> new Ascending<>(root, keyMin);
  }

  /** Same values in the same order; keys are part of the values in every use. */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof PersistentSortedMap<?, ?> map) || map.size() != size()) {
      return false;
    }
    Iterator<?> theirs = map.iterator();
    for (V value : this) {
      if (!value.equals(theirs.next())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (V value : this) {
      hash = 31 * hash + value.hashCode();
    }
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (V value : this) {
      text.append(text.length() == 1 ? "" : ", ").append(value);
    }
    return text.append(']').toString();
  }

  private static <K extends Comparable<K>, V> Node<K, V> put(Node<K, V> node, K key, V value) {
    if (node == null) {
      return Node.of(key, value, null, null);
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return Node.of(key, value, node.left, node.right);
    }
    return order < 0
        ? balanced(node, put(node.left, key, value), node.right)
        : balanced(node, node.left, put(node.right, key, value));
  }

  /** {@code entries} are in key order and all within this subtree. */
  private static <K extends Comparable<K>, V> Node<K, V> replace(
      Node<K, V> node, List<Map.Entry<K, V>> entries) {
    if (node == null || entries.isEmpty()) {
      return node;
    }
    int found =
        Collections.binarySearch(entries, Map.entry(node.key, node.value), comparingByKey());
    int lower = found >= 0 ? found : -found - 1;
    return Node.of(
        node.key,
        found >= 0 ? entries.get(found).getValue() : node.value,
        replace(node.left, entries.subList(0, lower)),
        replace(node.right, entries.subList(found >= 0 ? found + 1 : lower, entries.size())));
  }

  /** {@code key} is in the tree. */
  private static <K extends Comparable<K>, V> Node<K, V> remove(Node<K, V> node, K key) {
    int order = key.compareTo(node.key);
    if (order < 0) {
      return balanced(node, remove(node.left, key), node.right);
    }
    if (order > 0) {
      return balanced(node, node.left, remove(node.right, key));
    }
    if (node.left == null || node.right == null) {
      return node.left == null ? node.right : node.left;
    }
    Node<K, V> next = node.right;
    while (next.left != null) {
      next = next.left;
    }
    return balanced(next, node.left, remove(node.right, next.key));
  }

  /** {@code entry} with these subtrees, whose heights differ by two at most. */
  private static <K, V> Node<K, V> balanced(Node<K, V> entry, Node<K, V> left, Node<K, V> right) {
    int lean = Node.heightOf(left) - Node.heightOf(right);
    if (lean > 1) {
      return rotateRight(
          entry, left.lean() < 0 ? rotateLeft(left, left.left, left.right) : left, right);
    }
    if (lean < -1) {
      return rotateLeft(
          entry, left, right.lean() > 0 ? rotateRight(right, right.left, right.right) : right);
    }
    return Node.of(entry.key, entry.value, left, right);
  }

  private static <K, V> Node<K, V> rotateRight(
      Node<K, V> entry, Node<K, V> left, Node<K, V> right) {
    Node<K, V> lower = Node.of(entry.key, entry.value, left.right, right);
    return Node.of(left.key, left.value, left.left, lower);
  }

  private static <K, V> Node<K, V> rotateLeft(Node<K, V> entry, Node<K, V> left, Node<K, V> right) {
    Node<K, V> lower = Node.of(entry.key, entry.value, left, right.left);
    return Node.of(right.key, right.value, lower, right.right);
  }

  private static final class Ascending<K extends Comparable<K>, V> implements Iterator<V> {
    private final Deque<Node<K, V>> path = new ArrayDeque<>();

    Ascending(Node<K, V> root, K keyMin) {
      Node<K, V> node = root;
      while (node != null) {
        if (keyMin == null || keyMin.compareTo(node.key) <= 0) {
          path.push(node);
          node = node.left;
        } else {
          node = node.right;
        }
      }
    }

    @Override
    public boolean hasNext() {
      return !path.isEmpty();
    }

    @Override
    public V next() {
      if (path.isEmpty()) {
        throw new NoSuchElementException();
      }
      Node<K, V> node = path.pop();
      for (Node<K, V> child = node.right; child != null; child = child.left) {
        path.push(child);
      }
      return node.value;
    }
  }
}
