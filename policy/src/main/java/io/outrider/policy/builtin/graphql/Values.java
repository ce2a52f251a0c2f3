package io.outrider.policy.builtin.graphql;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// The kinds of literal values, by the numbers that the tree shows, and how they are written.
final class Values {
  static final int VARIABLE = 0;
  static final int INT = 1;
  static final int FLOAT = 2;
  static final int STRING = 3;
  static final int BLOCK = 4;
  static final int BOOLEAN = 5;
  static final int NULL = 6;
  static final int ENUM = 7;
  static final int LIST = 8;
  static final int OBJECT = 9;

  private Values() {}

  /// The kind of a value of one token, or -1.
  static int kind(Token token) {
    return switch (token.kind()) {
      case INT -> INT;
      case FLOAT -> FLOAT;
      case STRING -> STRING;
      case BLOCK_STRING -> BLOCK;
      case NAME ->
          switch (token.value()) {
            case "true", "false" -> BOOLEAN;
            case "null" -> NULL;
            default -> ENUM;
          };
      default -> -1;
    };
  }

  static String shown(@Nullable Node value) {
    if (value == null) {
      return "<nil>";
    }
    return switch (value.number("Kind")) {
      case VARIABLE -> "$" + value.text("Raw");
      case STRING, BLOCK -> Texts.quoted(value.text("Raw"));
      case LIST -> {
        StringJoiner items = new StringJoiner(",", "[", "]");
        value.nodes("Children").forEach(child -> items.add(shown(child.node("Value"))));
        yield items.toString();
      }
      case OBJECT -> {
        StringJoiner items = new StringJoiner(",", "{", "}");
        value
            .nodes("Children")
            .forEach(child -> items.add(child.name() + ":" + shown(child.node("Value"))));
        yield items.toString();
      }
      default -> value.text("Raw");
    };
  }
}
