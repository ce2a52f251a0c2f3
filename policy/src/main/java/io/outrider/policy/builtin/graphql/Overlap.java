package io.outrider.policy.builtin.graphql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Fields that give one name in the response must be the same field (GraphQL specification, section
/// 5.3.2).
final class Overlap {
  /// Fields of a selection set by the name they have in the response, and the fragments it spreads.
  private record Selections(Map<String, List<Node>> fields, List<Node> spreads) {}

  private record Conflict(String name, String message, List<Conflict> below, Node at) {
    String text() {
      if (below.isEmpty()) {
        return message;
      }
      List<String> parts =
          below.stream()
              .map(c -> "subfields \"" + c.name + "\" conflict because " + c.text())
              .toList();
      return String.join(" and ", parts);
    }
  }

  private final Schema schema;
  private final BiConsumer<@Nullable Node, String> problems;
  private final LongConsumer budget;
  private final Map<String, Map<String, Boolean>> comparedPairs = new HashMap<>();
  private Set<String> comparedFragments = new HashSet<>();

  Overlap(Schema schema, BiConsumer<@Nullable Node, String> problems, LongConsumer budget) {
    this.schema = schema;
    this.problems = problems;
    this.budget = budget;
  }

  void within(List<Node> selectionSet) {
    if (selectionSet.isEmpty()) {
      return;
    }
    Selections selections = selections(selectionSet);
    List<Conflict> conflicts = new ArrayList<>();
    for (List<Node> fields : selections.fields.values()) {
      for (int i = 0; i < fields.size(); i++) {
        for (Node other : fields.subList(i + 1, fields.size())) {
          compare(conflicts, false, fields.get(i), other);
        }
      }
    }
    comparedFragments = new HashSet<>();
    for (int i = 0; i < selections.spreads.size(); i++) {
      Node spread = selections.spreads.get(i);
      fieldsAndFragment(conflicts, false, selections, spread);
      for (Node other : selections.spreads.subList(i + 1, selections.spreads.size())) {
        fragments(conflicts, false, spread, other);
      }
    }
    for (Conflict conflict : conflicts) {
      problems.accept(
          conflict.at,
          ("Fields \"%s\" conflict because %s. Use different aliases on the fields to fetch both if"
                  + " this was intentional.")
              .formatted(conflict.name, conflict.text()));
    }
  }

  private static Selections selections(List<Node> selectionSet) {
    Selections selections = new Selections(new LinkedHashMap<>(), new ArrayList<>());
    collect(selectionSet, selections);
    return selections;
  }

  private static void collect(List<Node> selectionSet, Selections into) {
    for (Node selection : selectionSet) {
      switch (selection.shape()) {
        case FIELD ->
            into.fields
                .computeIfAbsent(responseName(selection), n -> new ArrayList<>())
                .add(selection);
        case INLINE_FRAGMENT -> collect(selection.nodes("SelectionSet"), into);
        default -> into.spreads.add(selection);
      }
    }
  }

  private static String responseName(Node field) {
    return field.text("Alias").isEmpty() ? field.name() : field.text("Alias");
  }

  private void fieldsAndFragment(
      List<Conflict> conflicts, boolean exclusive, Selections selections, Node spread) {
    Node fragment = spread.definition;
    if (!comparedFragments.add(spread.name()) || fragment == null) {
      return;
    }
    Selections others = selections(fragment.nodes("SelectionSet"));
    if (selections.fields.equals(others.fields)) {
      return;
    }
    between(conflicts, exclusive, selections, others);
    for (Node next : others.spreads) {
      if (!next.name().equals(spread.name())) {
        fieldsAndFragment(conflicts, exclusive, selections, next);
      }
    }
  }

  private void fragments(List<Conflict> conflicts, boolean exclusive, Node a, Node b) {
    if (a.name().equals(b.name()) || wereCompared(a, b, exclusive)) {
      return;
    }
    Node left = a.definition;
    Node right = b.definition;
    if (left == null || right == null) {
      return;
    }
    Selections ofLeft = selections(left.nodes("SelectionSet"));
    Selections ofRight = selections(right.nodes("SelectionSet"));
    between(conflicts, exclusive, ofLeft, ofRight);
    ofRight.spreads.forEach(spread -> fragments(conflicts, exclusive, a, spread));
    ofLeft.spreads.forEach(spread -> fragments(conflicts, exclusive, spread, b));
  }

  private boolean wereCompared(Node a, Node b, boolean exclusive) {
    Boolean before = comparedPairs.getOrDefault(a.name(), Map.of()).get(b.name());
    if (before != null && (exclusive || !before)) {
      return true;
    }
    comparedPairs.computeIfAbsent(a.name(), n -> new HashMap<>()).put(b.name(), exclusive);
    comparedPairs.computeIfAbsent(b.name(), n -> new HashMap<>()).put(a.name(), exclusive);
    return false;
  }

  private void between(
      List<Conflict> conflicts, boolean exclusive, Selections left, Selections right) {
    left.fields.forEach((name, fields) -> {
      for (Node field : fields) {
        for (Node other : right.fields.getOrDefault(name, List.of())) {
          compare(conflicts, exclusive, field, other);
        }
      }
    });
  }

  private void compare(List<Conflict> conflicts, boolean parentsExclusive, Node a, Node b) {
    budget.accept(1);
    Node parentA = a.parent;
    Node parentB = b.parent;
    if (parentA == null || parentB == null) {
      return;
    }
    boolean exclusive =
        parentsExclusive
            || (!parentA.name().equals(parentB.name())
                && parentA.text("Kind").equals("OBJECT")
                && parentB.text("Kind").equals("OBJECT")
                && a.definition != null
                && b.definition != null);
    String name = responseName(a);
    if (!exclusive && !a.name().equals(b.name())) {
      String message = "\"%s\" and \"%s\" are different fields".formatted(a.name(), b.name());
      conflicts.add(new Conflict(name, message, List.of(), b));
      return;
    }
    if (!exclusive && !sameArguments(a.nodes("Arguments"), b.nodes("Arguments"))) {
      conflicts.add(new Conflict(name, "they have differing arguments", List.of(), b));
      return;
    }
    Node typeA = a.definition == null ? null : a.definition.node("Type");
    Node typeB = b.definition == null ? null : b.definition.node("Type");
    if (typeA != null && typeB != null && typesConflict(typeA, typeB)) {
      String message =
          "they return conflicting types \"%s\" and \"%s\""
              .formatted(Types.shown(typeA), Types.shown(typeB));
      conflicts.add(new Conflict(name, message, List.of(), b));
      return;
    }
    List<Conflict> below = below(exclusive, a.nodes("SelectionSet"), b.nodes("SelectionSet"));
    if (!below.isEmpty()) {
      conflicts.add(new Conflict(name, "", below, b));
    }
  }

  private List<Conflict> below(boolean exclusive, List<Node> a, List<Node> b) {
    List<Conflict> conflicts = new ArrayList<>();
    Selections left = selections(a);
    Selections right = selections(b);
    between(conflicts, exclusive, left, right);
    for (Node spread : right.spreads) {
      comparedFragments = new HashSet<>();
      fieldsAndFragment(conflicts, exclusive, left, spread);
    }
    for (Node spread : left.spreads) {
      comparedFragments = new HashSet<>();
      fieldsAndFragment(conflicts, exclusive, right, spread);
    }
    for (Node spread : left.spreads) {
      for (Node other : right.spreads) {
        fragments(conflicts, exclusive, spread, other);
      }
    }
    return conflicts;
  }

  private static boolean sameArguments(List<Node> a, List<Node> b) {
    return a.size() == b.size()
        && a.stream()
            .allMatch(x ->
                b.stream()
                    .anyMatch(y ->
                        x.name().equals(y.name()) && sameValue(x.node("Value"), y.node("Value"))));
  }

  private static boolean sameValue(@Nullable Node a, @Nullable Node b) {
    if (a == null || b == null) {
      return a == b;
    }
    List<Node> left = a.nodes("Children");
    List<Node> right = b.nodes("Children");
    if (a.number("Kind") != b.number("Kind")
        || !a.text("Raw").equals(b.text("Raw"))
        || left.size() != right.size()) {
      return false;
    }
    if (a.number("Kind") == Values.OBJECT) {
      left = left.stream().sorted((x, y) -> x.name().compareTo(y.name())).toList();
      right = right.stream().sorted((x, y) -> x.name().compareTo(y.name())).toList();
    }
    for (int i = 0; i < left.size(); i++) {
      if (!left.get(i).name().equals(right.get(i).name())
          || !sameValue(left.get(i).node("Value"), right.get(i).node("Value"))) {
        return false;
      }
    }
    return true;
  }

  private boolean typesConflict(Node a, Node b) {
    Node left = a.node("Elem");
    Node right = b.node("Elem");
    if (left != null || right != null) {
      return left == null || right == null || typesConflict(left, right);
    }
    if (a.flag("NonNull") != b.flag("NonNull")) {
      return true;
    }
    Node typeA = schema.type(a.text("NamedType"));
    Node typeB = schema.type(b.text("NamedType"));
    return isLeaf(typeA) && isLeaf(typeB) && typeA != typeB;
  }

  private static boolean isLeaf(@Nullable Node type) {
    return type != null && (type.text("Kind").equals("SCALAR") || type.text("Kind").equals("ENUM"));
  }
}
