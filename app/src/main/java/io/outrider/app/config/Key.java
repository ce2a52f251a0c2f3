package io.outrider.app.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One key of the file: a line of the table that reading, checking and `docs/configuration.md`
/// share.
///
/// @param name as written
/// @param shape what may stand there
/// @param fallback the value when the key is absent; null when it has none
/// @param fallbackText the same for the reader of the documentation
/// @param live whether a change takes effect without a restart
/// @param doc what it does, a sentence or two
record Key<T>(
    String name,
    Shape<T> shape,
    @Nullable T fallback,
    String fallbackText,
    boolean live,
    String doc) {
  static <T> Key<T> of(String name, Shape<T> shape, T fallback, String fallbackText, String doc) {
    return new Key<>(name, shape, fallback, fallbackText, false, doc);
  }

  /// A key that has no default: absent means absent.
  static <T> Key<T> optional(String name, Shape<T> shape, String without, String doc) {
    return new Key<>(name, shape, null, without, false, doc);
  }

  static Key<Section> group(String name, String doc, Key<?>... keys) {
    return new Key<>(name, new Shape.Group(List.of(keys)), null, "", false, doc);
  }

  /// The same key, reloaded while running.
  Key<T> reloaded() {
    return new Key<>(name, shape, fallback, fallbackText, true, doc);
  }
}
