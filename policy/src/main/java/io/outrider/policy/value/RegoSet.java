package io.outrider.policy.value;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// An immutable set of values. Iteration is in sorted order, worked out when first asked for. Sets
/// compare as their sorted sequences do.
public final class RegoSet implements RegoValue, Iterable<RegoValue> {
  /// The empty set, written `set()` in Rego.
  public static final RegoSet EMPTY = new RegoSet(new KeyTable(0));

  private final KeyTable table;
  private volatile RegoValue @Nullable [] sorted;
  private int hash;

  private RegoSet(KeyTable table) {
    this.table = table;
  }

  public static RegoSet of(Collection<? extends RegoValue> members) {
    Builder builder = new Builder(members.size());
    for (RegoValue member : members) {
      builder.add(member);
    }
    return builder.build();
  }

  public static RegoSet of(RegoValue... members) {
    return of(Arrays.asList(members));
  }

  public static Builder builder() {
    return new Builder(4);
  }

  /// A builder with room for the given number of members; it grows when more come.
  public static Builder builder(int expected) {
    return new Builder(expected);
  }

  public int size() {
    return table.size;
  }

  public boolean isEmpty() {
    return table.size == 0;
  }

  public boolean contains(RegoValue value) {
    return table.find(value) >= 0;
  }

  public boolean contains(String value) {
    return table.find(value) >= 0;
  }

  /// The member at a place in sorted order, `0 .. size - 1`.
  public RegoValue get(int place) {
    return members()[place];
  }

  /// The members in sorted order.
  public RegoArray toArray() {
    return isEmpty() ? RegoArray.EMPTY : RegoArray.adopt(members().clone());
  }

  /// The members of either set.
  public RegoSet union(RegoSet other) {
    if (isEmpty()) {
      return other;
    }
    if (other.isEmpty()) {
      return this;
    }
    Builder all = new Builder(size() + other.size());
    return all.addAll(this).addAll(other).build();
  }

  /// The members of both sets.
  public RegoSet intersection(RegoSet other) {
    RegoSet smaller = size() <= other.size() ? this : other;
    RegoSet larger = smaller == this ? other : this;
    Builder both = new Builder(smaller.size());
    for (int i = 0; i < smaller.table.size; i++) {
      if (larger.contains(smaller.table.keys[i])) {
        both.add(smaller.table.keys[i]);
      }
    }
    return both.build();
  }

  /// The members of this set that are not in the other.
  public RegoSet minus(RegoSet other) {
    Builder rest = new Builder(size());
    for (int i = 0; i < table.size; i++) {
      if (!other.contains(table.keys[i])) {
        rest.add(table.keys[i]);
      }
    }
    return rest.build();
  }

  private RegoValue[] members() {
    RegoValue[] known = sorted;
    if (known == null) {
      known = Arrays.copyOf(table.keys, table.size);
      Arrays.sort(known);
      sorted = known;
    }
    return known;
  }

  @Override
  public Iterator<RegoValue> iterator() {
    RegoValue[] members = members();
    return new RegoArray.ArrayIterator(members, members.length);
  }

  @Override
  public RegoType type() {
    return RegoType.SET;
  }

  @Override
  public int compareTo(RegoValue other) {
    if (!(other instanceof RegoSet s)) {
      return RegoType.SET.compareTo(other.type());
    }
    return Arrays.compare(members(), s.members());
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof RegoSet s) || size() != s.size()) {
      return false;
    }
    for (int i = 0; i < table.size; i++) {
      if (!s.contains(table.keys[i])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      h = 11;
      for (int i = 0; i < table.size; i++) {
        h += 31 * table.keys[i].hashCode();
      }
      hash = h;
    }
    return h;
  }

  @Override
  public String toString() {
    return RegoText.of(this);
  }

  /// Collects members; equal ones are kept once. Not thread-safe; use once.
  public static final class Builder {
    private final KeyTable table;

    private Builder(int expected) {
      table = new KeyTable(expected);
    }

    /// Adds a member and says whether it was new.
    public boolean add(RegoValue value) {
      if (table.find(value) >= 0) {
        return false;
      }
      table.append(value);
      return true;
    }

    public Builder addAll(RegoSet members) {
      for (int i = 0; i < members.table.size; i++) {
        add(members.table.keys[i]);
      }
      return this;
    }

    public int size() {
      return table.size;
    }

    public RegoSet build() {
      return table.size == 0 ? EMPTY : new RegoSet(table);
    }
  }
}
