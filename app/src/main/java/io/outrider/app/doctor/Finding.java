package io.outrider.app.doctor;

/// One thing that was looked at.
///
/// @param name what was looked at; never changes
/// @param what was found
/// @param advice what to do; empty where nothing is to be done
public record Finding(String name, Level level, String what, String advice) {

  /// How bad it is.
  public enum Level {
    OK,
    /// Works, but may not when it matters, or could not be told.
    WARN,
    /// The log cannot keep its promises like this.
    BAD
  }

  static Finding ok(String name, String what) {
    return new Finding(name, Level.OK, what, "");
  }

  static Finding warn(String name, String what, String advice) {
    return new Finding(name, Level.WARN, what, advice);
  }

  static Finding bad(String name, String what, String advice) {
    return new Finding(name, Level.BAD, what, advice);
  }
}
