package io.outrider.policy.builtin.graphql;

import io.outrider.policy.builtin.graphql.GraphqlException.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Checks a query against a schema (GraphQL specification, section 5). One walk over the query
/// finds the definition behind every part and tries the rules on it, in the order of their names,
/// so that problems come in OPA's order.
final class QueryRules {
  private static final int MAX_INTROSPECTION_LISTS = 3;

  private final Schema schema;
  private final Node document;
  private final LongConsumer budget;
  private final List<Problem> problems = new ArrayList<>();
  private final ValueRules values;
  private final Overlap overlap;

  private Set<String> walkedFragments = new HashSet<>();
  private final Set<String> usedFragments = new HashSet<>();
  private final Set<String> seenFragments = new HashSet<>();
  private final Set<String> seenOperations = new HashSet<>();
  private final Set<String> fragmentsOfCycles = new HashSet<>();
  private final Set<Node> misplacedDirectives = new HashSet<>();
  private boolean inFragments;
  private @Nullable Node operation;

  private QueryRules(Schema schema, Node document, LongConsumer budget) {
    this.schema = schema;
    this.document = document;
    this.budget = budget;
    this.values = new ValueRules(this::add);
    this.overlap = new Overlap(schema, this::add, budget);
  }

  /// Throws when the query breaks a rule.
  static void check(Schema schema, Node document, LongConsumer budget) {
    QueryRules rules = new QueryRules(schema, document, budget);
    rules.walk();
    if (!rules.problems.isEmpty()) {
      throw GraphqlException.invalid(rules.problems);
    }
  }

  private void add(@Nullable Node at, String message) {
    problems.add(new Problem(at == null ? 0 : at.line, at == null ? 0 : at.column, message));
  }

  private void walk() {
    for (Node each : document.nodes("Operations")) {
      walkedFragments = new HashSet<>();
      walkOperation(each);
    }
    for (Node fragment : document.nodes("Fragments")) {
      walkedFragments = new HashSet<>();
      Node type = schema.type(fragment.text("TypeCondition"));
      fragment.definition = type;
      walkDirectives(fragment.nodes("Directives"), "FRAGMENT_DEFINITION");
      walkSelections(type, fragment.nodes("SelectionSet"));
      onFragment(fragment);
    }
  }

  private void walkOperation(Node each) {
    operation = each;
    for (Node variable : each.nodes("VariableDefinitions")) {
      Node type = schema.type(Types.name(variable.node("Type")));
      variable.definition = type;
      if (type == null) {
        add(variable, "Unknown type \"" + Types.name(variable.node("Type")) + "\".");
      }
      Node value = variable.node("DefaultValue");
      if (value != null) {
        value.expected = variable.node("Type");
        value.definition = type;
      }
    }
    for (Node variable : each.nodes("VariableDefinitions")) {
      Node value = variable.node("DefaultValue");
      if (value != null) {
        walkValue(value);
      }
      walkDirectives(variable.nodes("Directives"), "VARIABLE_DEFINITION");
    }
    String kind = each.text("Operation");
    walkDirectives(
        each.nodes("Directives"),
        kind.isEmpty() ? "QUERY" : kind.toUpperCase(java.util.Locale.ROOT));
    walkSelections(schema.root(kind), each.nodes("SelectionSet"));
    onOperation(each);
    operation = null;
  }

  private void walkDirectives(List<Node> directives, String location) {
    for (Node directive : directives) {
      Node definition = schema.directive(directive.name());
      directive.definition = definition;
      directive.location = location;
      walkArguments(directive, definition);
      onDirective(directive);
    }
    Set<String> seen = new HashSet<>();
    for (Node directive : directives) {
      boolean repeatable =
          directive.definition != null && directive.definition.flag("IsRepeatable");
      if (!seen.add(directive.name()) && !repeatable) {
        add(
            directive,
            "The directive \"@" + directive.name() + "\" can only be used once at this location.");
      }
    }
  }

  private void walkArguments(Node node, @Nullable Node definition) {
    for (Node argument : node.nodes("Arguments")) {
      Node value = argument.node("Value");
      if (value == null) {
        continue;
      }
      Node declared =
          definition == null ? null : Node.named(definition.nodes("Arguments"), argument.name());
      if (declared != null) {
        expect(value, declared);
      }
      walkValue(value);
    }
  }

  private void expect(Node value, Node declared) {
    Node byDefault = declared.node("DefaultValue");
    value.expected = declared.node("Type");
    value.expectedHasDefault = byDefault != null && byDefault.number("Kind") != Values.NULL;
    value.definition = schema.type(Types.name(declared.node("Type")));
  }

  private void walkValue(Node value) {
    budget.accept(1);
    int kind = value.number("Kind");
    Node within = operation;
    if (kind == Values.VARIABLE && within != null) {
      for (Node variable : within.nodes("VariableDefinitions")) {
        if (variable.text("Variable").equals(value.text("Raw"))) {
          value.variable = variable;
          variable.used = true;
          break;
        }
      }
    }
    for (Node child : value.nodes("Children")) {
      Node inner = child.node("Value");
      if (inner == null) {
        continue;
      }
      if (kind == Values.OBJECT && value.definition != null) {
        Node field = Node.named(value.definition.nodes("Fields"), child.name());
        if (field != null) {
          expect(inner, field);
        }
      }
      if (kind == Values.LIST && value.expected != null && value.expected.node("Elem") != null) {
        inner.expected = value.expected.node("Elem");
        inner.definition = value.definition;
      }
      walkValue(inner);
    }
    values.check(value, within);
  }

  private void walkSelections(@Nullable Node parent, List<Node> selections) {
    for (Node selection : selections) {
      budget.accept(1);
      switch (selection.shape()) {
        case FIELD -> walkField(parent, selection);
        case INLINE_FRAGMENT -> walkInline(parent, selection);
        default -> walkSpread(parent, selection);
      }
    }
  }

  private void walkField(@Nullable Node parent, Node field) {
    Node definition = null;
    if (field.name().equals("__typename")) {
      definition =
          new Node(Shape.FIELD_DEFINITION)
              .put("Name", "__typename")
              .put("Type", Types.named("String", false));
    } else if (parent != null) {
      definition = Node.named(parent.nodes("Fields"), field.name());
    }
    field.definition = definition;
    field.parent = parent;
    walkArguments(field, definition);
    walkDirectives(field.nodes("Directives"), "FIELD");
    Node next = definition == null ? null : schema.type(Types.name(definition.node("Type")));
    walkSelections(next, field.nodes("SelectionSet"));
    onField(field);
  }

  private void walkInline(@Nullable Node parent, Node inline) {
    inline.parent = parent;
    String condition = inline.text("TypeCondition");
    walkDirectives(inline.nodes("Directives"), "INLINE_FRAGMENT");
    walkSelections(
        condition.isEmpty() ? parent : schema.type(condition), inline.nodes("SelectionSet"));
    onInline(inline);
  }

  private void walkSpread(@Nullable Node parent, Node spread) {
    Node fragment = Node.named(document.nodes("Fragments"), spread.name());
    spread.definition = fragment;
    spread.parent = parent;
    walkDirectives(spread.nodes("Directives"), "FRAGMENT_SPREAD");
    if (fragment != null && walkedFragments.add(fragment.name())) {
      walkDirectives(fragment.nodes("Directives"), "FRAGMENT_DEFINITION");
      walkSelections(schema.type(fragment.text("TypeCondition")), fragment.nodes("SelectionSet"));
    }
    onSpread(spread);
  }

  // The rules, by what they look at; within a method by name.

  private void onField(Node field) {
    Node definition = field.definition;
    Node parent = field.parent;
    if (parent != null && definition == null) {
      add(
          field,
          "Cannot query field \"%s\" on type \"%s\".".formatted(field.name(), parent.name())
              + fieldSuggestion(parent, field.name()));
    }
    if (definition != null && parent != null) {
      knownArguments(field, definition, "field \"" + parent.name() + "." + field.name() + "\".");
    }
    if (field.name().equals("__schema") || field.name().equals("__type")) {
      if (isTooDeep(field, new HashSet<>(), 0)) {
        add(field, "Maximum introspection depth exceeded");
      }
    }
    if (operation != null) {
      overlap.within(field.nodes("SelectionSet"));
    }
    if (definition != null) {
      requiredArguments(field, definition, "Field \"" + field.name() + "\"");
      leaf(field, definition);
    }
    uniqueArguments(field);
  }

  private void onDirective(Node directive) {
    Node definition = directive.definition;
    if (definition == null) {
      add(directive, "Unknown directive \"@" + directive.name() + "\".");
    } else {
      knownArguments(directive, definition, "directive \"@" + directive.name() + "\".");
      if (!definition.texts("Locations").contains(directive.location)
          && misplacedDirectives.add(directive)) {
        add(
            directive,
            "Directive \"@%s\" may not be used on %s."
                .formatted(directive.name(), directive.location));
      }
      requiredArguments(directive, definition, "Directive \"@" + directive.name() + "\"");
    }
    uniqueArguments(directive);
  }

  private void onInline(Node inline) {
    String condition = inline.text("TypeCondition");
    Node type = schema.type(condition);
    if (type != null && !isComposite(type)) {
      add(inline, "Fragment cannot condition on non composite type \"" + condition + "\".");
    }
    if (!condition.isEmpty() && type == null) {
      add(inline, "Unknown type \"" + condition + "\".");
    }
    overlap.within(inline.nodes("SelectionSet"));
    Node parent = inline.parent;
    if (parent != null && !canSpread(parent, condition)) {
      add(
          inline,
          "Fragment cannot be spread here as objects of type \"%s\" can never be of type \"%s\"."
              .formatted(parent.name(), condition));
    }
  }

  private void onSpread(Node spread) {
    Node fragment = spread.definition;
    if (fragment == null) {
      add(spread, "Unknown fragment \"" + spread.name() + "\".");
    }
    if (!inFragments) {
      usedFragments.add(spread.name());
    }
    Node parent = spread.parent;
    if (fragment != null && parent != null && !canSpread(parent, fragment.text("TypeCondition"))) {
      add(
          spread,
          ("Fragment \"%s\" cannot be spread here as objects of type \"%s\" can never be of type"
                  + " \"%s\".")
              .formatted(spread.name(), parent.name(), fragment.text("TypeCondition")));
    }
  }

  private void onFragment(Node fragment) {
    String condition = fragment.text("TypeCondition");
    Node type = fragment.definition;
    if (type != null && !condition.isEmpty() && !isComposite(type)) {
      add(
          fragment,
          "Fragment \"%s\" cannot condition on non composite type \"%s\"."
              .formatted(fragment.name(), condition));
    }
    if (type == null) {
      List<String> names = schema.types().stream().map(Node::name).toList();
      add(
          fragment,
          "Unknown type \""
              + condition
              + "\"."
              + Texts.suggestion("Did you mean", condition, names, true));
    }
    new FragmentCycles().visit(fragment);
    inFragments = true;
    if (!usedFragments.contains(fragment.name())) {
      add(fragment, "Fragment \"" + fragment.name() + "\" is never used.");
    }
    overlap.within(fragment.nodes("SelectionSet"));
    if (!seenFragments.add(fragment.name())) {
      add(fragment, "There can be only one fragment named \"" + fragment.name() + "\".");
    }
  }

  private void onOperation(Node each) {
    if (schema.root(each.text("Operation")) == null) {
      add(each, "Schema does not support operation type \"" + each.text("Operation") + "\"");
    }
    if (each.name().isEmpty() && document.nodes("Operations").size() > 1) {
      add(each, "This anonymous operation must be the only defined operation.");
    }
    for (Node variable : each.nodes("VariableDefinitions")) {
      if (!variable.used) {
        String of = each.name().isEmpty() ? "." : " in operation \"" + each.name() + "\".";
        add(variable, "Variable \"$" + variable.text("Variable") + "\" is never used" + of);
      }
    }
    overlap.within(each.nodes("SelectionSet"));
    if (each.text("Operation").equals("subscription") && schema.root("subscription") != null) {
      singleField(each);
    }
    if (!seenOperations.add(each.name())) {
      add(each, "There can be only one operation named \"" + each.name() + "\".");
    }
    Map<String, Integer> seen = new HashMap<>();
    for (Node variable : each.nodes("VariableDefinitions")) {
      if (seen.merge(variable.text("Variable"), 1, Integer::sum) == 2) {
        add(
            variable,
            "There can be only one variable named \"$" + variable.text("Variable") + "\".");
      }
    }
    for (Node variable : each.nodes("VariableDefinitions")) {
      Node type = variable.definition;
      if (type != null && !isInput(type)) {
        add(
            variable,
            "Variable \"$%s\" cannot be non-input type \"%s\"."
                .formatted(variable.text("Variable"), Types.shown(variable.node("Type"))));
      }
    }
  }

  private static boolean isComposite(Node type) {
    return switch (type.text("Kind")) {
      case "OBJECT", "INTERFACE", "UNION" -> true;
      default -> false;
    };
  }

  private static boolean isInput(Node type) {
    return switch (type.text("Kind")) {
      case "SCALAR", "ENUM", "INPUT_OBJECT" -> true;
      default -> false;
    };
  }

  /// The types, or else the fields, that the author of a query may have meant.
  private String fieldSuggestion(Node parent, String name) {
    String kind = parent.text("Kind");
    if (kind.equals("INTERFACE") || kind.equals("UNION")) {
      List<String> types = new ArrayList<>();
      Map<String, Integer> uses = new HashMap<>();
      List<String> interfaces = new ArrayList<>();
      for (Node type : schema.possibleTypes(parent.name())) {
        if (Node.named(type.nodes("Fields"), name) == null) {
          continue;
        }
        types.add(type.name());
        for (String each : type.texts("Interfaces")) {
          Node of = schema.type(each);
          if (of != null && Node.named(of.nodes("Fields"), name) != null) {
            if (uses.merge(each, 1, Integer::sum) == 1) {
              interfaces.add(each);
            }
          }
        }
      }
      interfaces.addAll(types);
      interfaces.sort((a, b) -> {
        int byUse = uses.getOrDefault(b, 0) - uses.getOrDefault(a, 0);
        return byUse != 0 ? byUse : a.compareTo(b);
      });
      if (!schema.possibleTypes(parent.name()).isEmpty()) {
        return " Did you mean to use an inline fragment on " + Texts.anyOf(interfaces, true) + "?";
      }
    }
    if (kind.equals("OBJECT") || kind.equals("INTERFACE")) {
      List<String> fields = parent.nodes("Fields").stream().map(Node::name).toList();
      return Texts.suggestion("Did you mean", name, fields, true);
    }
    return "";
  }

  private void knownArguments(Node node, Node definition, String where) {
    for (Node argument : node.nodes("Arguments")) {
      if (Node.named(definition.nodes("Arguments"), argument.name()) == null) {
        List<String> names = definition.nodes("Arguments").stream().map(Node::name).toList();
        add(
            node,
            "Unknown argument \""
                + argument.name()
                + "\" on "
                + where
                + Texts.suggestion("Did you mean", argument.name(), names, true));
      }
    }
  }

  private void requiredArguments(Node node, Node definition, String subject) {
    for (Node argument : definition.nodes("Arguments")) {
      Node type = argument.node("Type");
      if (type != null
          && type.flag("NonNull")
          && argument.node("DefaultValue") == null
          && Node.named(node.nodes("Arguments"), argument.name()) == null) {
        add(
            node,
            "%s argument \"%s\" of type \"%s\" is required, but it was not provided."
                .formatted(subject, argument.name(), Types.shown(type)));
      }
    }
  }

  private void uniqueArguments(Node node) {
    Map<String, Integer> seen = new HashMap<>();
    for (Node argument : node.nodes("Arguments")) {
      if (seen.merge(argument.name(), 1, Integer::sum) == 2) {
        add(argument, "There can be only one argument named \"" + argument.name() + "\".");
      }
    }
  }

  private void leaf(Node field, Node definition) {
    Node type = schema.type(Types.name(definition.node("Type")));
    if (type == null) {
      return;
    }
    boolean isLeaf = type.text("Kind").equals("ENUM") || type.text("Kind").equals("SCALAR");
    boolean hasSelections = !field.nodes("SelectionSet").isEmpty();
    if (isLeaf && hasSelections) {
      add(
          field,
          "Field \"%s\" must not have a selection since type \"%s\" has no subfields."
              .formatted(field.name(), type.name()));
    }
    if (!isLeaf && !hasSelections) {
      add(
          field,
          ("Field \"%s\" of type \"%s\" must have a selection of subfields. Did you mean \"%s {"
                  + " ... }\"?")
              .formatted(field.name(), Types.shown(definition.node("Type")), field.name()));
    }
  }

  private boolean isTooDeep(Node field, Set<String> visited, int depth) {
    int below =
        switch (field.name()) {
          case "fields", "interfaces", "possibleTypes", "inputFields" -> depth + 1;
          default -> depth;
        };
    return below >= MAX_INTROSPECTION_LISTS
        || areTooDeep(field.nodes("SelectionSet"), visited, below);
  }

  private boolean areTooDeep(List<Node> selections, Set<String> visited, int depth) {
    for (Node selection : selections) {
      budget.accept(1);
      boolean tooDeep =
          switch (selection.shape()) {
            case FIELD -> isTooDeep(selection, visited, depth);
            case INLINE_FRAGMENT -> areTooDeep(selection.nodes("SelectionSet"), visited, depth);
            default -> {
              Node fragment = selection.definition;
              if (fragment == null || !visited.add(selection.name())) {
                yield false;
              }
              boolean found = areTooDeep(fragment.nodes("SelectionSet"), visited, depth);
              visited.remove(selection.name());
              yield found;
            }
          };
      if (tooDeep) {
        return true;
      }
    }
    return false;
  }

  private boolean canSpread(Node parent, String condition) {
    List<Node> parents;
    switch (parent.text("Kind")) {
      case "OBJECT" -> parents = List.of(parent);
      case "INTERFACE", "UNION" -> parents = schema.possibleTypes(parent.name());
      default -> {
        return true;
      }
    }
    Node type = schema.type(condition);
    if (type == null || !isComposite(type)) {
      return true;
    }
    Set<String> names = new HashSet<>();
    parents.forEach(p -> names.add(p.name()));
    return schema.possibleTypes(type.name()).stream().anyMatch(t -> names.contains(t.name()));
  }

  private void singleField(Node each) {
    Map<String, Node> fields = new java.util.LinkedHashMap<>();
    topFields(each.nodes("SelectionSet"), new HashSet<>(), fields);
    String name =
        each.name().isEmpty()
            ? "Anonymous Subscription"
            : "Subscription " + Texts.quoted(each.name());
    if (fields.size() > 1) {
      add(List.copyOf(fields.values()).get(1), name + " must select only one top level field.");
    }
    fields.forEach((field, node) -> {
      if (field.startsWith("__")) {
        add(node, name + " must not select an introspection top level field.");
      }
    });
  }

  private static void topFields(
      List<Node> selections, Set<String> visited, Map<String, Node> fields) {
    for (Node selection : selections) {
      switch (selection.shape()) {
        case FIELD -> fields.putIfAbsent(selection.name(), selection);
        case INLINE_FRAGMENT -> topFields(selection.nodes("SelectionSet"), visited, fields);
        default -> {
          Node fragment = selection.definition;
          if (fragment == null) {
            return;
          }
          if (visited.add(fragment.name())) {
            topFields(fragment.nodes("SelectionSet"), visited, fields);
          }
        }
      }
    }
  }

  /// Fragments must not contain themselves.
  private final class FragmentCycles {
    private final List<Node> path = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();

    void visit(Node fragment) {
      if (!fragmentsOfCycles.add(fragment.name())) {
        return;
      }
      if (path.size() > Parser.MAX_DEPTH) {
        throw GraphqlException.of("fragments nested more than " + Parser.MAX_DEPTH + " deep");
      }
      List<Node> spreads = spreads(fragment.nodes("SelectionSet"));
      if (spreads.isEmpty()) {
        return;
      }
      places.put(fragment.name(), path.size());
      for (Node spread : spreads) {
        Integer start = places.get(spread.name());
        path.add(spread);
        if (start == null) {
          Node next = Node.named(document.nodes("Fragments"), spread.name());
          if (next != null) {
            visit(next);
          }
        } else {
          List<String> names =
              path.subList(start, path.size() - 1).stream()
                  .map(s -> "\"" + s.name() + "\"")
                  .toList();
          String via = names.isEmpty() ? "" : " via " + String.join(", ", names);
          add(spread, "Cannot spread fragment \"" + spread.name() + "\" within itself" + via + ".");
        }
        path.removeLast();
      }
      places.remove(fragment.name());
    }

    private static List<Node> spreads(List<Node> selections) {
      List<Node> found = new ArrayList<>();
      List<List<Node>> toVisit = new ArrayList<>();
      toVisit.add(selections);
      while (!toVisit.isEmpty()) {
        for (Node selection : toVisit.removeLast()) {
          if (selection.shape() == Shape.SPREAD) {
            found.add(selection);
          } else {
            toVisit.add(selection.nodes("SelectionSet"));
          }
        }
      }
      return found;
    }
  }
}
