package io.outrider.policy.builtin.graphql;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A node of a document's tree. What policies see of it is given by its [Shape]; what validation
/// finds out stands in the fields beside it.
public final class Node {
  private final Shape shape;
  private final Map<String, Object> members = new LinkedHashMap<>();

  /// Where the node begins; line 0 when it was not read from text.
  int line;

  int column;

  // Found by validation.
  @Nullable Node definition;
  @Nullable Node parent;
  @Nullable Node expected;
  @Nullable Node variable;
  boolean expectedHasDefault;
  boolean used;
  String location = "";

  Node(Shape shape) {
    this.shape = shape;
    // Schemas are read by many threads, so lists are there from the start.
    shape
        .members()
        .forEach((name, type) -> {
          if (type.startsWith("*")) {
            members.put(name, new ArrayList<>());
          }
        });
  }

  Node at(Token token) {
    line = token.line();
    column = token.column();
    return this;
  }

  Shape shape() {
    return shape;
  }

  Node put(String name, @Nullable Object value) {
    if (value == null) {
      members.remove(name);
    } else {
      members.put(name, value);
    }
    return this;
  }

  String text(String name) {
    return members.get(name) instanceof String s ? s : "";
  }

  String name() {
    return text("Name");
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  int number(String name) {
    return members.get(name) instanceof Integer i ? i : 0;
  }

  @Nullable Node node(String name) {
    return members.get(name) instanceof Node n ? n : null;
  }

  /// The list of nodes under a name, which may be added to.
  @SuppressWarnings("unchecked") // A member's type is given by its shape.
  List<Node> nodes(String name) {
    return (List<Node>) Objects.requireNonNull(members.get(name), name);
  }

  /// The list of texts under a name, which may be added to.
  @SuppressWarnings("unchecked") // A member's type is given by its shape.
  List<String> texts(String name) {
    return (List<String>) Objects.requireNonNull(members.get(name), name);
  }

  static @Nullable Node named(List<Node> nodes, String name) {
    for (Node node : nodes) {
      if (node.name().equals(name)) {
        return node;
      }
    }
    return null;
  }

  /// What policies see: members that are empty are left out, texts and flags never are.
  public RegoObject toRego() {
    RegoObject.Builder object = RegoObject.builder();
    shape
        .members()
        .forEach((name, type) -> {
          Object value = members.get(name);
          switch (type) {
            case "s" -> object.put(name, text(name));
            case "b" -> object.put(name, RegoBoolean.of(flag(name)));
            case "i" -> object.put(name, RegoNumber.of(number(name)));
            default -> {
              RegoValue shown = shown(value);
              if (shown != null) {
                object.put(name, shown);
              }
            }
          }
        });
    return object.build();
  }

  private static @Nullable RegoValue shown(@Nullable Object value) {
    return switch (value) {
      case Node node -> {
        RegoObject object = node.toRego();
        yield object.isEmpty() ? null : object;
      }
      case List<?> list when !list.isEmpty() -> {
        RegoArray.Builder items = RegoArray.builder();
        for (Object item : list) {
          RegoValue shown = item instanceof String s ? RegoString.of(s) : shown(item);
          if (shown != null) {
            items.add(shown);
          }
        }
        yield items.build();
      }
      case null, default -> null;
    };
  }

  /// Reads back what [#toRego] gives.
  static Node of(Shape shape, RegoValue value) {
    if (!(value instanceof RegoObject object)) {
      throw mismatch(value, "object");
    }
    Node node = new Node(shape);
    shape
        .members()
        .forEach((name, type) -> {
          RegoValue member = object.get(name);
          if (member != null && member != RegoNull.NULL) {
            node.put(name, read(type, member));
          }
        });
    return node;
  }

  private static Object read(String type, RegoValue value) {
    if (type.startsWith("*")) {
      if (!(value instanceof RegoArray items)) {
        throw mismatch(value, "array");
      }
      List<Object> list = new ArrayList<>();
      for (RegoValue item : items) {
        list.add(read(type.substring(1), item));
      }
      return list;
    }
    return switch (type) {
      case "s" -> {
        if (value instanceof RegoString s) {
          yield s.value();
        }
        throw mismatch(value, "string");
      }
      case "b" -> {
        if (value instanceof RegoBoolean b) {
          yield b.value();
        }
        throw mismatch(value, "bool");
      }
      case "i" -> {
        if (value instanceof RegoNumber n && n.isLong()) {
          yield (int) n.asLong();
        }
        throw mismatch(value, "int");
      }
      default -> of(Shape.valueOf(type), value);
    };
  }

  private static GraphqlException mismatch(RegoValue found, String expected) {
    return GraphqlException.of(
        "json: cannot unmarshal " + found.typeName() + " into a value of type " + expected);
  }
}
