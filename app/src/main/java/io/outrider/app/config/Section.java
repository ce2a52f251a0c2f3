package io.outrider.app.config;

import io.outrider.app.config.ConfigProblem.Position;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A group of keys as read: typed values, and where each stands.
final class Section {
  private final String path;
  private final Position at;
  private final Map<Key<?>, Object> values;
  private final Map<Key<?>, Position> positions;
  private final boolean broken;

  Section(
      String path,
      Position at,
      Map<Key<?>, Object> values,
      Map<Key<?>, Position> positions,
      boolean broken) {
    this.path = path;
    this.at = at;
    this.values = values;
    this.positions = positions;
    this.broken = broken;
  }

  static Section empty(String path, Position at) {
    return new Section(path, at, Map.of(), Map.of(), false);
  }

  String path() {
    return path;
  }

  Position at() {
    return at;
  }

  /// Where a key stands, or the section when it does not.
  Position at(Key<?> key) {
    Position position = positions.get(key);
    return position == null ? at : position;
  }

  boolean has(Key<?> key) {
    return positions.containsKey(key);
  }

  /// Something in here was reported already, so values may be missing.
  boolean broken() {
    return broken;
  }

  /// The value, or the key's default.
  <T> T get(Key<T> key) {
    T value = value(key);
    if (value != null) {
      return value;
    }
    if (key.fallback() == null) {
      throw new IllegalStateException(path + "." + key.name() + " has no default");
    }
    return key.fallback();
  }

  <T> Optional<T> find(Key<T> key) {
    return Optional.ofNullable(value(key));
  }

  Section section(Key<Section> key) {
    Section section = value(key);
    return section == null
        ? empty(path.isEmpty() ? key.name() : path + "." + key.name(), at)
        : section;
  }

  @SuppressWarnings("unchecked") // the reader puts under a key only what the key's own shape gave
  private <T> @Nullable T value(Key<T> key) {
    return (T) values.get(key);
  }
}
