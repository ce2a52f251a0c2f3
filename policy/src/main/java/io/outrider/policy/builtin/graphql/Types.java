package io.outrider.policy.builtin.graphql;

import org.jspecify.annotations.Nullable;

/// References to types, such as `[Int!]!`.
final class Types {
  private Types() {}

  static Node named(String name, boolean nonNull) {
    return new Node(Shape.TYPE).put("NamedType", name).put("NonNull", nonNull);
  }

  /// The name of the innermost type.
  static String name(@Nullable Node type) {
    Node at = type;
    while (at != null && at.text("NamedType").isEmpty()) {
      at = at.node("Elem");
    }
    return at == null ? "" : at.text("NamedType");
  }

  static String shown(@Nullable Node type) {
    if (type == null) {
      return "";
    }
    String bang = type.flag("NonNull") ? "!" : "";
    String name = type.text("NamedType");
    return name.isEmpty() ? "[" + shown(type.node("Elem")) + "]" + bang : name + bang;
  }

  /// Whether a value of the first type may stand where the second is expected.
  static boolean isCompatible(Node type, Node other, boolean otherNonNull) {
    if (!type.text("NamedType").equals(other.text("NamedType"))) {
      return false;
    }
    Node element = type.node("Elem");
    Node otherElement = other.node("Elem");
    if (element != null
        && (otherElement == null
            || !isCompatible(element, otherElement, otherElement.flag("NonNull")))) {
      return false;
    }
    return !otherNonNull || type.flag("NonNull");
  }
}
