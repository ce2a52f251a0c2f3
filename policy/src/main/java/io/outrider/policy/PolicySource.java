package io.outrider.policy;

import io.outrider.policy.syntax.RegoVersion;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The text of one Rego module and the name under which messages show it, normally its path as the
/// user wrote it.
///
/// @param version the version of the language, where something beside the text says it, as the
///   manifest of a bundle does; null for that of [PolicyOptions#regoVersion]
public record PolicySource(String name, String text, @Nullable RegoVersion version) {
  public PolicySource {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(text, "text");
  }

  public PolicySource(String name, String text) {
    this(name, text, null);
  }
}
