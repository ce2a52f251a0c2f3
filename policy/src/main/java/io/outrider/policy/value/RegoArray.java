package io.outrider.policy.value;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// An immutable sequence of values. Arrays compare element by element, then by length.
public final class RegoArray implements RegoValue, Iterable<RegoValue> {
  /// The empty array.
  public static final RegoArray EMPTY = new RegoArray(new RegoValue[0], 0);

  private final RegoValue[] items;
  private final int size;
  private int hash;

  private RegoArray(RegoValue[] items, int size) {
    this.items = items;
    this.size = size;
  }

  public static RegoArray of(RegoValue... items) {
    return items.length == 0 ? EMPTY : new RegoArray(items.clone(), items.length);
  }

  public static RegoArray of(Collection<? extends RegoValue> items) {
    return items.isEmpty() ? EMPTY : adopt(items.toArray(new RegoValue[0]));
  }

  /// Takes the array as it is; the caller must not keep it.
  static RegoArray adopt(RegoValue[] items) {
    return new RegoArray(items, items.length);
  }

  public static Builder builder() {
    return new Builder();
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /// The element at the index; throws [IndexOutOfBoundsException] outside `0 .. size - 1`.
  public RegoValue get(int index) {
    if (index >= size) {
      throw new IndexOutOfBoundsException("index: " + index + " (expected: < " + size + ")");
    }
    return items[index];
  }

  /// The elements from `from` up to and not including `to`, both of which must lie in `0 .. size`.
  public RegoArray slice(int from, int to) {
    return from == to ? EMPTY : adopt(Arrays.copyOfRange(items, from, to));
  }

  /// This array followed by another.
  public RegoArray concat(RegoArray other) {
    if (isEmpty()) {
      return other;
    }
    if (other.isEmpty()) {
      return this;
    }
    RegoValue[] all = Arrays.copyOf(items, size + other.size);
    System.arraycopy(other.items, 0, all, size, other.size);
    return adopt(all);
  }

  public boolean contains(RegoValue value) {
    for (int i = 0; i < size; i++) {
      if (items[i].equals(value)) {
        return true;
      }
    }
    return false;
  }

  /// The elements in sorted order, duplicates kept.
  public RegoArray sorted() {
    RegoValue[] copy = Arrays.copyOf(items, size);
    Arrays.sort(copy);
    return adopt(copy);
  }

  @Override
  public Iterator<RegoValue> iterator() {
    return new ArrayIterator(items, size);
  }

  @Override
  public RegoType type() {
    return RegoType.ARRAY;
  }

  @Override
  public int compareTo(RegoValue other) {
    if (!(other instanceof RegoArray a)) {
      return RegoType.ARRAY.compareTo(other.type());
    }
    int common = Math.min(size, a.size);
    for (int i = 0; i < common; i++) {
      int order = items[i].compareTo(a.items[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(size, a.size);
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    return other instanceof RegoArray a
        && size == a.size
        && Arrays.equals(items, 0, size, a.items, 0, size);
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      h = 1;
      for (int i = 0; i < size; i++) {
        h = 31 * h + items[i].hashCode();
      }
      hash = h;
    }
    return h;
  }

  @Override
  public String toString() {
    return RegoText.of(this);
  }

  /// Collects elements in order. Not thread-safe; use once.
  public static final class Builder {
    private RegoValue[] items = new RegoValue[4];
    private int size;

    private Builder() {}

    public Builder add(RegoValue value) {
      if (size == items.length) {
        items = Arrays.copyOf(items, size * 2);
      }
      items[size++] = value;
      return this;
    }

    public int size() {
      return size;
    }

    public RegoArray build() {
      return size == 0 ? EMPTY : new RegoArray(items, size);
    }
  }

  /// Walks a prefix of an array.
  static final class ArrayIterator implements Iterator<RegoValue> {
    private final RegoValue[] items;
    private final int size;
    private int next;

    ArrayIterator(RegoValue[] items, int size) {
      this.items = items;
      this.size = size;
    }

    @Override
    public boolean hasNext() {
      return next < size;
    }

    @Override
    public RegoValue next() {
      if (next >= size) {
        throw new NoSuchElementException();
      }
      return items[next++];
    }
  }
}
