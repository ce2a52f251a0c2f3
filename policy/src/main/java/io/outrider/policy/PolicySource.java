package io.outrider.policy;

import java.util.Objects;

/// The text of one Rego module and the name under which messages show it, normally its path as the
/// user wrote it.
public record PolicySource(String name, String text) {
  public PolicySource {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(text, "text");
  }
}
