package io.outrider.redaction;

import java.util.List;
import java.util.Optional;

/// A string value in the message under the redactor, as a [Scope] sees it. It is a view that is
/// only good during the call it is handed to.
public interface JsonString {
  /// The steps from the root to this string: member names with escapes resolved, and array indexes
  /// in decimal.
  List<String> segments();

  /// The name of the member this string is the value of; empty for an element of an array and for
  /// the root.
  Optional<String> key();

  /// The value of another member of the same object, when that value is a string. The member may
  /// stand before or after this one. Empty when this string is not a member of an object.
  Optional<String> sibling(String name);

  /// Index of the first byte inside the quotes, counted from the start of the message.
  int start();

  /// Index of the closing quote, counted from the start of the message.
  int end();
}
