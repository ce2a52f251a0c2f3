package io.outrider.policy.builtin.graphql;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The rules about literal values and variables in a query.
final class ValueRules {
  private static final Set<String> SCALARS = Set.of("Int", "Float", "String", "Boolean", "ID");

  private final BiConsumer<@Nullable Node, String> problems;

  ValueRules(BiConsumer<@Nullable Node, String> problems) {
    this.problems = problems;
  }

  void check(Node value, @Nullable Node operation) {
    int kind = value.number("Kind");
    if (kind == Values.VARIABLE && value.variable == null && operation != null) {
      problems.accept(
          value,
          "Variable \""
              + Values.shown(value)
              + "\" is not defined"
              + (operation.name().isEmpty() ? "." : " by operation \"" + operation.name() + "\"."));
    }
    if (kind == Values.OBJECT) {
      Set<String> seen = new HashSet<>();
      for (Node child : value.nodes("Children")) {
        if (!seen.add(child.name())) {
          problems.accept(
              child, "There can be only one input field named \"" + child.name() + "\".");
        }
      }
    }
    fits(value, kind);
    allowedPosition(value, kind, operation);
    oneOf(value, kind);
  }

  private void fits(Node value, int kind) {
    Node type = value.definition;
    Node expected = value.expected;
    if (type == null || expected == null) {
      return;
    }
    String shown = Types.shown(expected);
    if (kind == Values.NULL && expected.flag("NonNull")) {
      problems.accept(
          value, "Expected value of type \"%s\", found %s.".formatted(shown, Values.shown(value)));
    }
    boolean isEnum = type.text("Kind").equals("ENUM");
    if (type.text("Kind").equals("SCALAR") && !SCALARS.contains(type.name())) {
      return;
    }
    if (!isReadable(value)) {
      mismatch(value, type, "");
    }
    List<String> enumNames =
        isEnum ? type.nodes("EnumValues").stream().map(Node::name).toList() : List.of();
    switch (kind) {
      case Values.LIST -> {
        if (expected.node("Elem") == null) {
          mismatch(value, type, "");
        }
      }
      case Values.INT -> {
        if (!Set.of("Int", "Float", "ID").contains(type.name())) {
          mismatch(value, type, "");
        }
      }
      case Values.FLOAT -> {
        if (!type.name().equals("Float")) {
          mismatch(value, type, "");
        }
      }
      case Values.STRING, Values.BLOCK -> {
        if (isEnum) {
          problems.accept(
              value,
              "Enum \"%s\" cannot represent non-enum value: %s."
                      .formatted(shown, Values.shown(value))
                  + suggestion(value, enumNames, true));
        } else if (!Set.of("String", "ID").contains(type.name())) {
          mismatch(value, type, "");
        }
      }
      case Values.ENUM -> {
        if (!isEnum) {
          mismatch(value, type, suggestion(value, enumNames, false));
        } else if (!enumNames.contains(value.text("Raw"))) {
          problems.accept(
              value,
              "Value \"%s\" does not exist in \"%s\" enum.".formatted(Values.shown(value), shown)
                  + suggestion(value, enumNames, true));
        }
      }
      case Values.BOOLEAN -> {
        if (!type.name().equals("Boolean")) {
          mismatch(value, type, "");
        }
      }
      case Values.OBJECT -> members(value, type);
      default -> {}
    }
  }

  private static String suggestion(Node value, List<String> names, boolean quote) {
    return Texts.suggestion("Did you mean the enum value", value.text("Raw"), names, quote);
  }

  /// Whether the numbers in the value are in the range that GraphQL servers read.
  private static boolean isReadable(Node value) {
    return switch (value.number("Kind")) {
      case Values.INT -> isLong(value.text("Raw"));
      case Values.FLOAT -> !Double.isInfinite(Double.parseDouble(value.text("Raw")));
      case Values.LIST, Values.OBJECT ->
          value.nodes("Children").stream()
              .allMatch(child -> {
                Node inner = child.node("Value");
                return inner == null || isReadable(inner);
              });
      default -> true;
    };
  }

  private static boolean isLong(String text) {
    try {
      Long.parseLong(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void mismatch(Node value, Node type, String suggestion) {
    String shown = Values.shown(value);
    String expected = Types.shown(value.expected);
    String message =
        switch (expected) {
          case "Int", "Int!" ->
              isBeyondInt(value.text("Raw"))
                  ? "Int cannot represent non 32-bit signed integer value: " + shown
                  : "Int cannot represent non-integer value: " + shown;
          case "String", "String!", "[String]" ->
              "String cannot represent a non string value: " + shown;
          case "Boolean", "Boolean!" -> "Boolean cannot represent a non boolean value: " + shown;
          case "Float", "Float!" -> "Float cannot represent non numeric value: " + shown;
          case "ID", "ID!" -> "ID cannot represent a non-string and non-integer value: " + shown;
          default ->
              type.text("Kind").equals("ENUM")
                  ? "Enum \"%s\" cannot represent non-enum value: %s.".formatted(expected, shown)
                  : "Expected value of type \"%s\", found %s.".formatted(expected, shown);
        };
    problems.accept(value, message + suggestion);
  }

  private static boolean isBeyondInt(String text) {
    if (!text.matches("-?[0-9]+")) {
      return false;
    }
    try {
      Integer.parseInt(text);
      return false;
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private void members(Node value, Node type) {
    for (Node field : type.nodes("Fields")) {
      Node fieldType = field.node("Type");
      if (fieldType != null
          && fieldType.flag("NonNull")
          && Node.named(value.nodes("Children"), field.name()) == null
          && field.node("DefaultValue") == null) {
        problems.accept(
            value,
            "Field \"%s.%s\" of required type \"%s\" was not provided."
                .formatted(type.name(), field.name(), Types.shown(fieldType)));
      }
    }
    for (Node directive : type.nodes("Directives")) {
      if (directive.name().equals("oneOf")) {
        exactlyOne(value, type);
      }
    }
    List<String> names = type.nodes("Fields").stream().map(Node::name).toList();
    for (Node child : value.nodes("Children")) {
      if (!names.contains(child.name())) {
        problems.accept(
            child,
            "Field \"%s\" is not defined by type \"%s\".".formatted(child.name(), type.name())
                + Texts.suggestion("Did you mean", child.name(), names, true));
      }
    }
  }

  private void exactlyOne(Node value, Node type) {
    if (value.nodes("Children").size() != 1) {
      problems.accept(
          value, "OneOf Input Object \"" + type.name() + "\" must specify exactly one key.");
      return;
    }
    Node only = value.nodes("Children").getFirst().node("Value");
    if (only != null && only.number("Kind") == Values.NULL) {
      problems.accept(
          only,
          "Field \"%s.%s\" must be non-null."
              .formatted(type.name(), type.nodes("Fields").getFirst().name()));
    }
  }

  private void allowedPosition(Node value, int kind, @Nullable Node operation) {
    Node expected = value.expected;
    Node variable = value.variable;
    if (kind != Values.VARIABLE || expected == null || variable == null || operation == null) {
      return;
    }
    Node byDefault = variable.node("DefaultValue");
    boolean mayBeNull =
        value.expectedHasDefault || (byDefault != null && byDefault.number("Kind") != Values.NULL);
    Node type = variable.node("Type");
    if (type != null
        && !Types.isCompatible(type, expected, expected.flag("NonNull") && !mayBeNull)) {
      problems.accept(
          value,
          "Variable \"%s\" of type \"%s\" used in position expecting type \"%s\"."
              .formatted(Values.shown(value), Types.shown(type), Types.shown(expected)));
    }
  }

  private void oneOf(Node value, int kind) {
    Node type = value.definition;
    if (kind != Values.OBJECT
        || type == null
        || Node.named(type.nodes("Directives"), "oneOf") == null) {
      return;
    }
    for (Node child : value.nodes("Children")) {
      Node inner = child.node("Value");
      Node variable = inner == null ? null : inner.variable;
      Node variableType = variable == null ? null : variable.node("Type");
      if (variableType != null && !variableType.flag("NonNull")) {
        problems.accept(
            variable,
            ("Variable \"%s\" is of type \"%s\" but must be non-nullable to be used for OneOf Input"
                    + " Object \"%s\".")
                .formatted(Values.shown(inner), Types.shown(variableType), type.name()));
      }
    }
  }
}
