package io.outrider.policy;

import io.outrider.policy.value.RegoValue;
import java.util.List;
import java.util.Objects;

/// A base document and its place under `data`: `data.json` in the folder `grants/eu` has the path
/// `[grants, eu]`.
///
/// @param name where it was read from, for messages
public record PolicyData(String name, List<String> path, RegoValue value) {
  public PolicyData {
    Objects.requireNonNull(name, "name");
    path = List.copyOf(path);
    Objects.requireNonNull(value, "value");
  }

  public PolicyData(List<String> path, RegoValue value) {
    this("data" + (path.isEmpty() ? "" : "." + String.join(".", path)), path, value);
  }
}
