package io.outrider.redaction.rule;

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

  /// The string at a key; empty when there is none or it is something else.
  Optional<String> string(String key) {
    return get(key).map(v -> v instanceof String s ? s : null);
  }

  /// The tables in the array at a key, or the one table there.
  List<TomlTable> tables(String key) {
    return switch (values.get(key)) {
      case TomlTable one -> List.of(one);
      case List<?> many ->
          many.stream().filter(TomlTable.class::isInstance).map(TomlTable.class::cast).toList();
      case null, default -> List.of();
    };
  }

  /// The strings in the array at a key.
  List<String> strings(String key) {
    return switch (values.get(key)) {
      case String one -> List.of(one);
      case List<?> many ->
          many.stream().filter(String.class::isInstance).map(String.class::cast).toList();
      case null, default -> List.of();
    };
  }
}
