package io.outrider.settings;

import java.nio.file.Path;
import java.util.regex.Pattern;

/// One receiver the audit log is sent on to.
///
/// @param name names its cursor and its metrics
/// @param target what it is
/// @param onRefusal what becomes of a record it will not take
public record SinkSettings(String name, Target target, OnRefusal onRefusal) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  public SinkSettings {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name: '%s' (expected: up to 64 of a-z, 0-9, _ and -, with a letter or digit first)"
              .formatted(name));
    }
  }

  /// What becomes of a record the receiver will not take.
  public enum OnRefusal {
    /// The sink stops before it and tries again, until a person has looked.
    WAIT,
    /// The record goes into a file beside the cursor, an alarm is raised, and the sink goes on.
    SET_ASIDE
  }

  /// A kind of receiver.
  public sealed interface Target {}

  /// Lines in a file.
  ///
  /// @param path the file; its folder is made when missing
  /// @param rotate size in bytes from which it is put aside and another begun
  public record File(Path path, int rotate) implements Target {
    /// Small enough to be read in an editor, large enough for a day of a small team.
    public static final int DEFAULT_ROTATE = 256 << 20;

    public File {
      Checks.positive("rotate", rotate);
    }
  }
}
