package io.outrider.redaction;

import java.util.List;
import java.util.Set;

/// What one message is searched for beyond the rules that are always on, as a policy obligation
/// asks.
///
/// - names and no pointers: these detectors look everywhere in scope;
/// - names and pointers: these detectors look in the values at and below the pointers;
/// - pointers and no names: every string and number at and below the pointers is masked whole, as
///   rule `policy`.
///
/// A value outside the [Scope] stays untouched by all three.
///
/// @param names ids of rules or names of groups, each one of [Redactor#knownDetectors()]. A caller
///   that gets a name not in there must deny.
/// @param pointers JSON pointers in which a segment `*` stands for any one member or element
/// @param base the JSON pointer the pointers start from, such as `/params/arguments`; `""` is the
///   root
public record Detectors(Set<String> names, List<String> pointers, String base) {
  /// Nothing beyond the rules that are always on.
  public static final Detectors NONE = new Detectors(Set.of(), List.of(), "");

  public Detectors {
    names = Set.copyOf(names);
    pointers = List.copyOf(pointers);
    requirePointer(base);
    for (String pointer : pointers) {
      requirePointer(pointer);
    }
  }

  /// Whether there is nothing to do.
  public boolean isEmpty() {
    return names.isEmpty() && pointers.isEmpty();
  }

  private static void requirePointer(String pointer) {
    if (!pointer.isEmpty() && pointer.charAt(0) != '/') {
      throw new IllegalArgumentException(
          "pointer: " + pointer + " (expected: empty, or starting with /)");
    }
  }
}
