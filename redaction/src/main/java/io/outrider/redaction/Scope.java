package io.outrider.redaction;

/// Which string values of a message are looked at. The knowledge of what is opaque and what is
/// media belongs to the caller; this module knows JSON only.
///
/// An implementation must be pure and thread-safe. It is asked only when the answer matters (a long
/// string, or one in which something was found), so it must not count its calls.
@FunctionalInterface
public interface Scope {
  /// Whether values in this string may be found and edited.
  boolean includes(JsonString string);

  /// Every string value of the message.
  static Scope everything() {
    return Everything.INSTANCE;
  }

  /// The scope that says yes. A named type, so that the engine can skip the question.
  enum Everything implements Scope {
    INSTANCE;

    @Override
    public boolean includes(JsonString string) {
      return true;
    }
  }
}
