package io.outrider.policy;

import java.nio.file.Path;
import java.util.List;

/// A file or folder of policies.
///
/// @param prefix where below `data` its documents stand; empty for the root. Modules say themselves
///   where they belong
public record PolicyPath(List<String> prefix, Path path) {
  public PolicyPath {
    prefix = List.copyOf(prefix);
  }

  public PolicyPath(Path path) {
    this(List.of(), path);
  }
}
