package io.outrider.policy.value;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// An immutable map from values to values, made for look-up by string. Iteration is in key order;
/// the order is worked out when first asked for. Objects compare by their sorted keys and values,
/// pair by pair, then by size.
public final class RegoObject implements RegoValue, Iterable<RegoObject.Entry> {
  /// One key with its value.
  public record Entry(RegoValue key, RegoValue value) {}

  /// The empty object.
  public static final RegoObject EMPTY = new RegoObject(new KeyTable(0), new RegoValue[0]);

  private final KeyTable table;
  private final RegoValue[] values;
  private volatile int @Nullable [] order;
  private int hash;

  private RegoObject(KeyTable table, RegoValue[] values) {
    this.table = table;
    this.values = values;
  }

  /// The keys that many objects have in common. Objects made of one shape share its look-up table,
  /// so making one is little more than keeping the array of its values.
  public static final class Shape {
    private final KeyTable table;
    private final int[] order;

    private Shape(KeyTable table) {
      this.table = table;
      this.order = table.sortedPositions();
    }

    /// @throws IllegalArgumentException if a key stands twice
    public static Shape of(String... keys) {
      KeyTable table = new KeyTable(keys.length);
      for (String key : keys) {
        if (table.find(key) >= 0) {
          throw new IllegalArgumentException("key \"" + key + "\" twice (expected: once)");
        }
        table.append(RegoString.of(key));
      }
      return new Shape(table);
    }

    /// The object with these values, in the order of the keys. The array becomes part of it.
    public RegoObject with(RegoValue... values) {
      if (values.length != table.size) {
        throw new IllegalArgumentException(
            values.length + " values (expected: " + table.size + ")");
      }
      RegoObject object = new RegoObject(table, values);
      object.order = order;
      return object;
    }
  }

  public static RegoObject of(Map<? extends RegoValue, ? extends RegoValue> entries) {
    Builder builder = new Builder(entries.size());
    entries.forEach(builder::put);
    return builder.build();
  }

  public static Builder builder() {
    return new Builder(4);
  }

  /// A builder with room for the given number of entries; it grows when more come.
  public static Builder builder(int expected) {
    return new Builder(expected);
  }

  public int size() {
    return table.size;
  }

  public boolean isEmpty() {
    return table.size == 0;
  }

  /// The value of a key, or null when the object has no such key.
  public @Nullable RegoValue get(RegoValue key) {
    int at = table.find(key);
    return at < 0 ? null : values[at];
  }

  /// The value of a string key, or null when the object has no such key. Allocates nothing.
  public @Nullable RegoValue get(String key) {
    int at = table.find(key);
    return at < 0 ? null : values[at];
  }

  public boolean containsKey(RegoValue key) {
    return table.find(key) >= 0;
  }

  /// The key at a place in sorted order, `0 .. size - 1`.
  public RegoValue keyAt(int place) {
    return table.keys[order()[place]];
  }

  /// The value at a place in the sorted order of keys, `0 .. size - 1`.
  public RegoValue valueAt(int place) {
    return values[order()[place]];
  }

  /// The keys as a set.
  public RegoSet keySet() {
    RegoSet.Builder keys = RegoSet.builder(size());
    for (int i = 0; i < size(); i++) {
      keys.add(table.keys[i]);
    }
    return keys.build();
  }

  /// A builder that starts with the entries of this object.
  public Builder toBuilder() {
    Builder builder = new Builder(size() + 2);
    for (int i = 0; i < size(); i++) {
      builder.put(table.keys[i], values[i]);
    }
    return builder;
  }

  /// This object with one entry added or replaced.
  public RegoObject with(RegoValue key, RegoValue value) {
    return toBuilder().put(key, value).build();
  }

  private int[] order() {
    int[] known = order;
    if (known == null) {
      known = table.sortedPositions();
      order = known;
    }
    return known;
  }

  @Override
  public Iterator<Entry> iterator() {
    int[] positions = order();
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < positions.length;
      }

      @Override
      public Entry next() {
        if (next >= positions.length) {
          throw new NoSuchElementException();
        }
        int at = positions[next++];
        return new Entry(table.keys[at], values[at]);
      }
    };
  }

  @Override
  public RegoType type() {
    return RegoType.OBJECT;
  }

  @Override
  public int compareTo(RegoValue other) {
    if (!(other instanceof RegoObject o)) {
      return RegoType.OBJECT.compareTo(other.type());
    }
    int common = Math.min(size(), o.size());
    for (int i = 0; i < common; i++) {
      int byKey = keyAt(i).compareTo(o.keyAt(i));
      if (byKey != 0) {
        return byKey;
      }
      int byValue = valueAt(i).compareTo(o.valueAt(i));
      if (byValue != 0) {
        return byValue;
      }
    }
    return Integer.compare(size(), o.size());
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof RegoObject o) || size() != o.size()) {
      return false;
    }
    for (int i = 0; i < size(); i++) {
      RegoValue theirs = o.get(table.keys[i]);
      if (theirs == null || !values[i].equals(theirs)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      h = 7;
      for (int i = 0; i < size(); i++) {
        h += 31 * table.keys[i].hashCode() ^ values[i].hashCode();
      }
      hash = h;
    }
    return h;
  }

  @Override
  public String toString() {
    return RegoText.of(this);
  }

  /// Collects entries; a key put twice keeps its last value. Not thread-safe; use once.
  public static final class Builder {
    private final KeyTable table;
    private RegoValue[] values;

    private Builder(int expected) {
      table = new KeyTable(expected);
      values = new RegoValue[table.keys.length];
    }

    public Builder put(RegoValue key, RegoValue value) {
      int at = table.find(key);
      if (at < 0) {
        at = table.append(key);
        if (at >= values.length) {
          values = Arrays.copyOf(values, table.keys.length);
        }
      }
      values[at] = value;
      return this;
    }

    public Builder put(String key, RegoValue value) {
      return put(RegoString.of(key), value);
    }

    public Builder put(String key, String value) {
      return put(RegoString.of(key), RegoString.of(value));
    }

    public Builder put(String key, boolean value) {
      return put(RegoString.of(key), RegoBoolean.of(value));
    }

    public Builder put(String key, long value) {
      return put(RegoString.of(key), RegoNumber.of(value));
    }

    /// The value put so far under a key, or null.
    public @Nullable RegoValue get(RegoValue key) {
      int at = table.find(key);
      return at < 0 ? null : values[at];
    }

    public int size() {
      return table.size;
    }

    public RegoObject build() {
      return table.size == 0 ? EMPTY : new RegoObject(table, values);
    }
  }
}
