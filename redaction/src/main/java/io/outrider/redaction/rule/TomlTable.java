package io.outrider.redaction.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A table of a TOML text. Values are `String`, `Long`, `Double`, `Boolean`, `List` or `TomlTable`;
/// a date is a `String`.
final class TomlTable {
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final int line;

  /// Whether it was written in braces, or by the keys of a table header, and takes no more keys.
  boolean closed;

  /// Whether a `[header]` names it.
  boolean defined;

  TomlTable(int line) {
    this.line = line;
  }

  /// The line it starts at, from 1.
  int line() {
    return line;
  }

  Set<String> keys() {
    return values.keySet();
  }

  Optional<Object> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  void put(String key, Object value) {
    values.put(key, value);
  }

  // Plain loops: rules are read at every start, where the first use of each lambda costs.

  /// The string at a key; empty when there is none or it is something else.
  Optional<String> string(String key) {
    return values.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /// The tables in the array at a key, or the one table there.
  List<TomlTable> tables(String key) {
    Object value = values.get(key);
    if (value instanceof TomlTable one) {
      return List.of(one);
    }
    if (!(value instanceof List<?> many)) {
      return List.of();
    }
    List<TomlTable> tables = new ArrayList<>(many.size());
    for (Object element : many) {
      if (element instanceof TomlTable table) {
        tables.add(table);
      }
    }
    return tables;
  }

  /// The strings in the array at a key.
  List<String> strings(String key) {
    Object value = values.get(key);
    if (value instanceof String one) {
      return List.of(one);
    }
    if (!(value instanceof List<?> many)) {
      return List.of();
    }
    List<String> strings = new ArrayList<>(many.size());
    for (Object element : many) {
      if (element instanceof String text) {
        strings.add(text);
      }
    }
    return strings;
  }
}
