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

  /// What a find means in a string that is not included. Media hold nothing; what cannot be edited
  /// may still have to be told, or stopped.
  default Otherwise otherwise(JsonString string) {
    return Otherwise.IGNORE;
  }

  /// What becomes of finds in strings that are not included.
  enum Otherwise {
    /// Nothing. A long string is not even searched.
    IGNORE,
    /// The find is told as an [Action#ALERT], and the string passes as it is.
    ALERT,
    /// The message is blocked if the find would be edited elsewhere.
    BLOCK
  }

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
