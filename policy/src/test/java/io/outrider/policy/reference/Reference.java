package io.outrider.policy.reference;

import io.outrider.policy.builtin.BuiltinContext;
import io.outrider.policy.builtin.BuiltinException;
import io.outrider.policy.builtin.PatternCache;
import io.outrider.policy.compile.DocNode;
import io.outrider.policy.compile.IrBody;
import io.outrider.policy.compile.IrExpr;
import io.outrider.policy.compile.IrTerm;
import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.compile.LocalVar;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.Query;
import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Evaluates a program as the language is described and in no cleverer way: every expression gives
/// the list of all bindings under which it holds, every document is worked out whole, and nothing
/// is left out because it cannot matter.
///
/// An error does not stop it. It is noted, the failing call is undefined, the first of two values
/// in conflict counts, and everything else is evaluated as well. An evaluator that looks at less
/// may meet fewer errors, and must otherwise find the same.
public final class Reference {
  private final Program program;
  private final RegoObject data;
  private final BuiltinContext builtins;
  private final Set<String> errors = new LinkedHashSet<>();
  private int fresh = -1;

  public Reference(Program program, RegoObject data, long timeNanos, long seed) {
    this.program = program;
    this.data = data;
    this.builtins =
        new BuiltinContext(timeNanos, seed, new PatternCache(), BuiltinContext.Budget.UNLIMITED);
  }

  /// The codes of all errors met so far.
  public Set<String> errors() {
    return errors;
  }

  /// All solutions of a query.
  public List<Map<String, RegoValue>> query(Query query, @Nullable RegoValue input) {
    List<Map<String, RegoValue>> solutions = new ArrayList<>();
    for (Bindings solution : solve(query.ir(), Bindings.NONE, World.of(input, data))) {
      Map<String, RegoValue> values = new LinkedHashMap<>();
      for (LocalVar var : query.vars()) {
        RegoValue value = solution.get(var.slot());
        if (value != null) {
          values.put(var.name(), value);
        }
      }
      solutions.add(values);
    }
    return solutions;
  }

  // Bodies and expressions.

  private List<Bindings> solve(IrBody body, Bindings start, World world) {
    List<Bindings> solutions = List.of(start);
    for (IrExpr expr : body.exprs()) {
      List<Bindings> next = new ArrayList<>();
      solutions.forEach(b -> next.addAll(expression(expr, b, world)));
      solutions = next;
    }
    return solutions;
  }

  private List<Bindings> expression(IrExpr expr, Bindings b, World world) {
    if (expr.withs().isEmpty()) {
      return plain(expr, b, world);
    }
    List<Bindings> solutions = new ArrayList<>();
    withs(expr.withs(), b, world, world)
        .forEach(w -> solutions.addAll(plain(expr.under(List.of()), w.bindings, w.world)));
    return solutions;
  }

  private record Within(World world, Bindings bindings) {}

  /// The worlds that the modifiers make; their values are those of the world outside.
  private List<Within> withs(List<IrExpr.IrWith> withs, Bindings b, World outside, World inside) {
    if (withs.isEmpty()) {
      return List.of(new Within(inside, b));
    }
    List<IrExpr.IrWith> rest = withs.subList(1, withs.size());
    List<Within> found = new ArrayList<>();
    switch (withs.getFirst().target()) {
      case IrExpr.Target.InInput t -> {
        for (Result r : eval(t.value(), b, outside)) {
          found.addAll(withs(rest, r.bindings, outside, inside.withInput(t.path(), r.value)));
        }
      }
      case IrExpr.Target.InData t -> {
        if (!t.path().stream().allMatch(key -> key instanceof RegoString)) {
          conflict();
          return List.of();
        }
        for (Result r : eval(t.value(), b, outside)) {
          World changed = inside.withData(program.root(), t.path(), r.value);
          found.addAll(withs(rest, r.bindings, outside, changed));
        }
      }
      case IrExpr.Target.ByFunction t -> {
        World changed = inside.withMock(t.replaced(), new World.Mock(t.replacement(), null));
        found.addAll(withs(rest, b, outside, changed));
      }
      case IrExpr.Target.ByValue t -> {
        for (Result r : eval(t.value(), b, outside)) {
          World changed = inside.withMock(t.replaced(), new World.Mock(null, r.value));
          found.addAll(withs(rest, r.bindings, outside, changed));
        }
      }
    }
    return found;
  }

  private List<Bindings> plain(IrExpr expr, Bindings b, World world) {
    return switch (expr) {
      case IrExpr.Test e ->
          eval(e.term(), b, world).stream()
              .filter(r -> r.value != RegoBoolean.FALSE)
              .map(Result::bindings)
              .toList();
      case IrExpr.Unify e -> unify(List.of(new Equation(e.left(), e.right())), b, world);
      case IrExpr.CallExpr e -> call(e, b, world);
      case IrExpr.Not e -> e.closed() ? unless(e.body(), b, world) : not(e.body(), b, world);
      case IrExpr.Every e -> every(e, b, world);
      case IrExpr.Logic e -> {
        boolean left = !solve(e.left(), b, world).isEmpty();
        boolean right = !solve(e.right(), b, world).isEmpty();
        yield (e.all() ? left && right : left || right) ? List.of(b) : List.of();
      }
      case IrExpr.Holds e -> solve(e.body(), b, world).isEmpty() ? List.of() : List.of(b);
      case IrExpr.Print e -> List.of(b);
    };
  }

  private List<Bindings> unless(IrBody body, Bindings b, World world) {
    return solve(body, b, world).isEmpty() ? List.of(b) : List.of();
  }

  /// `not e`. References below the top of `e` stand outside of the negation: where one is
  /// undefined, all of it is.
  private List<Bindings> not(IrBody body, Bindings b, World world) {
    if (body.exprs().size() != 1 || !body.exprs().getFirst().withs().isEmpty()) {
      return unless(body, b, world);
    }
    List<Equation> outside = new ArrayList<>();
    IrExpr rest =
        switch (body.exprs().getFirst()) {
          case IrExpr.Test e -> new IrExpr.Test(top(e.term(), outside), List.of(), e.at());
          case IrExpr.Unify e ->
              new IrExpr.Unify(
                  top(e.left(), outside),
                  top(e.right(), outside),
                  e.directional(),
                  List.of(),
                  e.at());
          case IrExpr.CallExpr e -> {
            boolean equality = e.call().callee().name().equals("equal");
            List<IrTerm> args =
                e.call().args().stream()
                    .map(a -> equality ? top(a, outside) : below(a, outside))
                    .toList();
            IrTerm out = e.out();
            yield new IrExpr.CallExpr(
                new IrTerm.Call(e.call().callee(), args, e.call().at()),
                out == null ? null : below(out, outside),
                List.of(),
                e.at());
          }
          case IrExpr other -> other;
        };
    List<Bindings> solutions = List.of(b);
    for (Equation equation : outside) {
      List<Bindings> next = new ArrayList<>();
      solutions.forEach(s -> next.addAll(unify(List.of(equation), s, world)));
      solutions = next;
    }
    List<Bindings> held = new ArrayList<>();
    for (Bindings s : solutions) {
      if (plain(rest, s, world).isEmpty()) {
        held.add(s);
      }
    }
    return held;
  }

  private IrTerm top(IrTerm term, List<Equation> outside) {
    return term instanceof IrTerm.Ref r
        ? new IrTerm.Ref(r.root(), r.path().stream().map(k -> below(k, outside)).toList(), r.at())
        : below(term, outside);
  }

  private IrTerm below(IrTerm term, List<Equation> outside) {
    return switch (term) {
      case IrTerm.Ref t -> {
        IrTerm.Local value = new IrTerm.Local(LocalVar.temporary(fresh--, t.at()), t.at());
        outside.add(new Equation(value, top(t, outside)));
        yield value;
      }
      case IrTerm.Arr t ->
          new IrTerm.Arr(t.items().stream().map(i -> below(i, outside)).toList(), t.at());
      case IrTerm.SetOf t ->
          new IrTerm.SetOf(t.items().stream().map(i -> below(i, outside)).toList(), t.at());
      case IrTerm.Obj t ->
          new IrTerm.Obj(
              t.pairs().stream()
                  .map(p -> new IrTerm.Pair(below(p.key(), outside), below(p.value(), outside)))
                  .toList(),
              t.at());
      default -> term;
    };
  }

  private List<Bindings> every(IrExpr.Every e, Bindings b, World world) {
    List<Bindings> held = new ArrayList<>();
    for (Result domain : eval(e.domain(), b, world)) {
      if (!isCollection(domain.value)) {
        continue;
      }
      boolean all = true;
      for (Element element : elements(domain.value)) {
        Bindings own = domain.bindings.with(e.value().slot(), element.value);
        LocalVar key = e.key();
        if (key != null) {
          own = own.with(key.slot(), element.key);
        }
        all &= !solve(e.body(), own, world).isEmpty();
      }
      if (all) {
        held.add(domain.bindings);
      }
    }
    return held;
  }

  // Calls.

  private List<Bindings> call(IrExpr.CallExpr e, Bindings b, World world) {
    List<Bindings> held = new ArrayList<>();
    for (Results args : evalAll(e.call().args(), b, world)) {
      for (RegoValue value : results(e.call().callee(), args.values, world)) {
        IrTerm out = e.out();
        if (out != null) {
          held.addAll(match(out, value, args.bindings, world));
        } else if (value != RegoBoolean.FALSE) {
          held.add(args.bindings);
        }
      }
    }
    return held;
  }

  /// None, one, or several for a relation such as `walk`.
  private List<RegoValue> results(Callee callee, List<RegoValue> args, World world) {
    World.Mock mock = world.mocks().get(callee.name());
    if (mock != null) {
      Callee function = mock.function();
      RegoValue value = mock.value();
      return function != null
          ? results(function, args, world.withoutMocks())
          : value == null ? List.of() : List.of(value);
    }
    return switch (callee) {
      case Callee.Native n -> {
        RegoValue value;
        try {
          value = n.builtin().call(builtins, args.toArray(RegoValue[]::new));
        } catch (BuiltinException failed) {
          errors.add(failed.kind().code());
          yield List.of();
        }
        if (n.builtin().isRelation() && value instanceof RegoArray all) {
          yield elements(all).stream().map(Element::value).toList();
        }
        yield value == null ? List.of() : List.of(value);
      }
      case Callee.Function f -> {
        RegoValue value = single(f.rules(), args, world);
        yield value == null ? List.of() : List.of(value);
      }
    };
  }

  // Unification.

  private record Equation(IrTerm left, IrTerm right) {}

  private List<Bindings> unify(List<Equation> equations, Bindings b, World world) {
    if (equations.isEmpty()) {
      return List.of(b);
    }
    for (Equation equation : equations) {
      List<Equation> rest = new ArrayList<>(equations);
      rest.remove(equation);
      List<Bindings> solutions = one(equation, rest, b, world);
      if (solutions != null) {
        return solutions;
      }
    }
    throw new IllegalStateException("unsafe: " + equations);
  }

  /// Null when both sides still wait for a variable.
  private @Nullable List<Bindings> one(
      Equation equation, List<Equation> rest, Bindings b, World world) {
    IrTerm left = equation.left;
    IrTerm right = equation.right;
    if (left instanceof IrTerm.Arr x && right instanceof IrTerm.Arr y) {
      if (x.items().size() != y.items().size()) {
        return List.of();
      }
      List<Equation> all = new ArrayList<>(rest);
      for (int i = x.items().size() - 1; i >= 0; i--) {
        all.addFirst(new Equation(x.items().get(i), y.items().get(i)));
      }
      return unify(all, b, world);
    }
    if (left instanceof IrTerm.Obj x && right instanceof IrTerm.Obj y && areFixed(x, y)) {
      Map<RegoValue, IrTerm> fields = fields(x);
      Map<RegoValue, IrTerm> others = fields(y);
      if (!fields.keySet().equals(others.keySet())) {
        return List.of();
      }
      List<Equation> all = new ArrayList<>(rest);
      fields.forEach((k, v) -> all.add(new Equation(v, others.getOrDefault(k, v))));
      return unify(all, b, world);
    }
    if (!isReady(left, b) && !isReady(right, b)) {
      return null;
    }
    IrTerm known = isReady(left, b) ? left : right;
    IrTerm pattern = known == left ? right : left;
    List<Bindings> solutions = new ArrayList<>();
    for (Result r : eval(known, b, world)) {
      for (Bindings matched : match(pattern, r.value, r.bindings, world)) {
        solutions.addAll(unify(rest, matched, world));
      }
    }
    return solutions;
  }

  private static boolean areFixed(IrTerm.Obj x, IrTerm.Obj y) {
    return x.pairs().stream().allMatch(p -> p.key() instanceof IrTerm.Const)
        && y.pairs().stream().allMatch(p -> p.key() instanceof IrTerm.Const);
  }

  private static Map<RegoValue, IrTerm> fields(IrTerm.Obj object) {
    Map<RegoValue, IrTerm> fields = new LinkedHashMap<>();
    for (IrTerm.Pair pair : object.pairs()) {
      if (pair.key() instanceof IrTerm.Const c) {
        fields.put(c.value(), pair.value());
      }
    }
    return fields;
  }

  /// Whether the term can be evaluated: what is open in it stands in the keys of references only.
  private static boolean isReady(IrTerm term, Bindings b) {
    return switch (term) {
      case IrTerm.Local t -> b.has(t.var().slot());
      case IrTerm.Arr t -> t.items().stream().allMatch(i -> isReady(i, b));
      case IrTerm.SetOf t -> t.items().stream().allMatch(i -> isReady(i, b));
      case IrTerm.Obj t ->
          t.pairs().stream().allMatch(p -> isReady(p.key(), b) && isReady(p.value(), b));
      case IrTerm.Ref t -> !(t.root() instanceof IrTerm.Root.Of head) || isReady(head.term(), b);
      case IrTerm.Const t -> true;
      case IrTerm.Compr t -> true;
      case IrTerm.Template t -> true;
    };
  }

  private List<Bindings> match(IrTerm pattern, RegoValue value, Bindings b, World world) {
    if (pattern instanceof IrTerm.Local t && !b.has(t.var().slot())) {
      return List.of(b.with(t.var().slot(), value));
    }
    if (pattern instanceof IrTerm.Arr t && !isReady(t, b)) {
      if (!(value instanceof RegoArray array) || array.size() != t.items().size()) {
        return List.of();
      }
      List<Equation> items = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        IrTerm item = t.items().get(i);
        items.add(new Equation(item, new IrTerm.Const(array.get(i), item.at())));
      }
      return unify(items, b, world);
    }
    if (pattern instanceof IrTerm.Obj t && !isReady(t, b)) {
      return value instanceof RegoObject object && object.size() == t.pairs().size()
          ? matchFields(t.pairs(), object, b, world)
          : List.of();
    }
    return eval(pattern, b, world).stream()
        .filter(r -> r.value.equals(value))
        .map(Result::bindings)
        .toList();
  }

  private List<Bindings> matchFields(
      List<IrTerm.Pair> pairs, RegoObject object, Bindings b, World world) {
    List<Bindings> solutions = List.of(b);
    for (IrTerm.Pair pair : pairs) {
      List<Bindings> next = new ArrayList<>();
      for (Bindings s : solutions) {
        for (Result key : eval(pair.key(), s, world)) {
          RegoValue field = object.get(key.value);
          if (field != null) {
            next.addAll(match(pair.value(), field, key.bindings, world));
          }
        }
      }
      solutions = next;
    }
    return solutions;
  }

  // Terms.

  /// A value of a term, and the variables as they are with it.
  private record Result(RegoValue value, Bindings bindings) {}

  private record Results(List<RegoValue> values, Bindings bindings) {}

  private List<Result> eval(IrTerm term, Bindings b, World world) {
    return switch (term) {
      case IrTerm.Const t -> List.of(new Result(t.value(), b));
      case IrTerm.Local t -> {
        RegoValue value = b.get(t.var().slot());
        if (value == null) {
          throw new IllegalStateException("unbound: " + t);
        }
        yield List.of(new Result(value, b));
      }
      case IrTerm.Ref t -> reference(t, b, world);
      case IrTerm.Arr t ->
          evalAll(t.items(), b, world).stream()
              .map(r -> new Result(RegoArray.of(r.values), r.bindings))
              .toList();
      case IrTerm.SetOf t ->
          evalAll(t.items(), b, world).stream()
              .map(r -> new Result(set(r.values), r.bindings))
              .toList();
      case IrTerm.Obj t -> {
        List<IrTerm> flat = new ArrayList<>();
        t.pairs().forEach(p -> flat.addAll(List.of(p.key(), p.value())));
        yield evalAll(flat, b, world).stream()
            .map(r -> new Result(object(r.values), r.bindings))
            .toList();
      }
      case IrTerm.Compr t -> {
        RegoValue value = comprehension(t, b, world);
        yield value == null ? List.of() : List.of(new Result(value, b));
      }
      case IrTerm.Template t ->
          evalAll(t.parts(), b, world).stream()
              .map(r -> new Result(template(r.values), r.bindings))
              .toList();
    };
  }

  private List<Results> evalAll(List<IrTerm> terms, Bindings b, World world) {
    List<Results> all = List.of(new Results(List.of(), b));
    for (IrTerm term : terms) {
      List<Results> next = new ArrayList<>();
      for (Results before : all) {
        for (Result r : eval(term, before.bindings, world)) {
          List<RegoValue> values = new ArrayList<>(before.values);
          values.add(r.value);
          next.add(new Results(values, r.bindings));
        }
      }
      all = next;
    }
    return all;
  }

  private static RegoSet set(List<RegoValue> values) {
    RegoSet.Builder set = RegoSet.builder();
    values.forEach(set::add);
    return set.build();
  }

  private static RegoObject object(List<RegoValue> keysAndValues) {
    RegoObject.Builder object = RegoObject.builder();
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      object.put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
    return object.build();
  }

  private RegoValue comprehension(IrTerm.Compr compr, Bindings b, World world) {
    List<Result> values = new ArrayList<>();
    List<RegoValue> keys = new ArrayList<>();
    for (Bindings solution : solve(compr.body(), b, world)) {
      IrTerm key = compr.key();
      if (key == null) {
        values.addAll(eval(compr.value(), solution, world));
        continue;
      }
      for (Results pair : evalAll(List.of(key, compr.value()), solution, world)) {
        keys.add(pair.values.get(0));
        values.add(new Result(pair.values.get(1), pair.bindings));
      }
    }
    return switch (compr.kind()) {
      case ARRAY -> RegoArray.of(values.stream().map(Result::value).toList());
      case SET -> set(values.stream().map(Result::value).toList());
      case OBJECT -> {
        Map<RegoValue, RegoValue> entries = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
          agree(entries, keys.get(i), values.get(i).value);
        }
        yield RegoObject.of(entries);
      }
    };
  }

  private void agree(Map<RegoValue, RegoValue> entries, RegoValue key, RegoValue value) {
    RegoValue before = entries.putIfAbsent(key, value);
    if (before != null && !before.equals(value)) {
      conflict();
    }
  }

  private void conflict() {
    errors.add("eval_conflict_error");
  }

  private RegoString template(List<RegoValue> parts) {
    return RegoString.of(
        parts.stream()
            .map(part -> {
              if (!(part instanceof RegoSet set)) {
                return text(part);
              }
              if (set.size() > 1) {
                conflict();
              }
              return set.isEmpty() ? "<undefined>" : text(set.get(0));
            })
            .collect(Collectors.joining()));
  }

  private static String text(RegoValue value) {
    return value instanceof RegoString s ? s.value() : value.toString();
  }

  // References.

  /// Where a reference has come to: a place among the rules, a value, or both.
  ///
  /// @param stored whether the value is base data
  private record Place(@Nullable DocNode rules, @Nullable RegoValue base, boolean stored) {
    static Place of(RegoValue value) {
      return new Place(null, value, false);
    }

    Place at(@Nullable DocNode node, RegoValue key) {
      RegoValue value = get(base, key);
      if (value == null && stored && base instanceof RegoObject o && key instanceof RegoNumber n) {
        // In base data a number finds the key with its text: OPA's store has paths of text only.
        value = o.get(n.text());
      }
      return new Place(node == null ? null : node.child(key), value, stored);
    }
  }

  private List<Result> reference(IrTerm.Ref ref, Bindings b, World world) {
    return switch (ref.root()) {
      case IrTerm.Root.Input input -> {
        RegoValue value = world.input();
        yield value == null ? List.of() : follow(Place.of(value), ref.path(), b, world);
      }
      case IrTerm.Root.Data d ->
          follow(new Place(program.root(), world.data(), true), ref.path(), b, world);
      case IrTerm.Root.Of head -> {
        List<Result> all = new ArrayList<>();
        for (Result r : eval(head.term(), b, world)) {
          all.addAll(follow(Place.of(r.value), ref.path(), r.bindings, world));
        }
        yield all;
      }
    };
  }

  private List<Result> follow(Place place, List<IrTerm> path, Bindings b, World world) {
    DocNode node = place.rules;
    if (node != null && world.hidden().contains(node)) {
      node = null;
    }
    RuleSet rules = node == null ? null : node.rules();
    if (rules != null) {
      RegoValue value = document(rules, world);
      return value == null ? List.of() : follow(Place.of(value), path, b, world);
    }
    if (path.isEmpty()) {
      RegoValue value = node == null ? place.base : extent(node, place.base, world);
      return value == null ? List.of() : List.of(new Result(value, b));
    }
    IrTerm key = path.getFirst();
    List<IrTerm> rest = path.subList(1, path.size());
    List<Result> all = new ArrayList<>();
    if (isReady(key, b)) {
      for (Result k : eval(key, b, world)) {
        all.addAll(follow(place.at(node, k.value), rest, k.bindings, world));
      }
      return all;
    }
    Set<RegoValue> keys = new TreeSet<>(node == null ? List.of() : node.keys());
    if (place.base != null && isCollection(place.base)) {
      elements(place.base).forEach(e -> keys.add(e.key));
    }
    for (RegoValue k : keys) {
      for (Bindings matched : match(key, k, b, world)) {
        all.addAll(follow(place.at(node, k), rest, matched, world));
      }
    }
    return all;
  }

  private static @Nullable RegoValue get(@Nullable RegoValue base, RegoValue key) {
    return switch (base) {
      case RegoObject o -> o.get(key);
      case RegoSet s -> s.contains(key) ? key : null;
      case RegoArray a ->
          key instanceof RegoNumber n && n.isLong() && n.asLong() >= 0 && n.asLong() < a.size()
              ? a.get((int) n.asLong())
              : null;
      case null, default -> null;
    };
  }

  private record Element(RegoValue key, RegoValue value) {}

  private static boolean isCollection(RegoValue value) {
    return value instanceof RegoArray || value instanceof RegoObject || value instanceof RegoSet;
  }

  private static List<Element> elements(RegoValue collection) {
    List<Element> all = new ArrayList<>();
    switch (collection) {
      case RegoArray a -> {
        for (int i = 0; i < a.size(); i++) {
          all.add(new Element(RegoNumber.of(i), a.get(i)));
        }
      }
      case RegoObject o -> o.forEach(e -> all.add(new Element(e.key(), e.value())));
      case RegoSet s -> s.forEach(m -> all.add(new Element(m, m)));
      default -> throw new IllegalArgumentException("collection: " + collection.typeName());
    }
    return all;
  }

  /// Everything below a place.
  private @Nullable RegoValue extent(DocNode node, @Nullable RegoValue base, World world) {
    if (world.hidden().contains(node)) {
      return base;
    }
    RuleSet rules = node.rules();
    if (rules != null) {
      return document(rules, world);
    }
    RegoObject below = base instanceof RegoObject o ? o : RegoObject.EMPTY;
    RegoObject.Builder all = below.toBuilder();
    node.children()
        .forEach((key, child) -> {
          RegoValue value = extent(child, below.get(key), world);
          if (value != null) {
            all.put(key, value);
          }
        });
    return all.build();
  }

  // Rules.

  private @Nullable RegoValue document(RuleSet rules, World world) {
    if (rules.kind() == RuleSet.Kind.FUNCTION) {
      return null;
    }
    Optional<RegoValue> known = world.known().get(rules);
    if (known == null) {
      known =
          Optional.ofNullable(
              switch (rules.kind()) {
                case COMPLETE -> single(rules, List.of(), world);
                case SET -> members(rules, world);
                case OBJECT -> entries(rules, world);
                case FUNCTION -> throw new IllegalStateException(rules.name());
              });
      world.known().put(rules, known);
    }
    return known.orElse(null);
  }

  /// The value of a complete rule or a function.
  private @Nullable RegoValue single(RuleSet rules, List<RegoValue> args, World world) {
    Set<RegoValue> values = new LinkedHashSet<>();
    rules.defs().forEach(def -> values.addAll(values(def, args, world)));
    if (values.size() > 1) {
      conflict();
    }
    RuleDef fallback = rules.fallback();
    if (values.isEmpty() && fallback != null) {
      values.addAll(values(fallback, args, world));
    }
    return values.isEmpty() ? null : values.iterator().next();
  }

  /// The values of the first branch that has any.
  private List<RegoValue> values(RuleDef def, List<RegoValue> args, World world) {
    List<Equation> patterns = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      IrTerm pattern = def.args().get(i);
      patterns.add(new Equation(pattern, new IrTerm.Const(args.get(i), pattern.at())));
    }
    for (Bindings start : unify(patterns, Bindings.NONE, world)) {
      for (RuleDef.Branch branch : def.branches()) {
        List<RegoValue> values = new ArrayList<>();
        for (Bindings solution : solve(branch.body(), start, world)) {
          eval(branch.value(), solution, world).forEach(r -> values.add(r.value));
        }
        if (!values.isEmpty()) {
          return values;
        }
      }
    }
    return List.of();
  }

  private RegoValue members(RuleSet rules, World world) {
    RegoSet.Builder set = RegoSet.builder();
    for (RuleDef def : rules.defs()) {
      RuleDef.Branch branch = def.branches().getFirst();
      for (Bindings solution : solve(branch.body(), Bindings.NONE, world)) {
        eval(branch.value(), solution, world).forEach(r -> set.add(r.value));
      }
    }
    return set.build();
  }

  /// A set or an object under construction, or (with a value) a leaf.
  private static final class Tree {
    final Map<RegoValue, Tree> below = new HashMap<>();
    @Nullable RegoValue leaf;
    RegoSet.@Nullable Builder set;

    RegoValue build() {
      RegoSet.Builder members = set;
      RegoValue value = leaf;
      if (members != null) {
        return members.build();
      }
      if (value != null) {
        return value;
      }
      Map<RegoValue, RegoValue> entries = new HashMap<>();
      below.forEach((key, tree) -> entries.put(key, tree.build()));
      return RegoObject.of(entries);
    }
  }

  private RegoValue entries(RuleSet rules, World world) {
    Tree root = new Tree();
    for (RuleDef def : rules.defs()) {
      RuleDef.Branch branch = def.branches().getFirst();
      List<IrTerm> terms = new ArrayList<>(branch.path());
      terms.add(branch.value());
      for (Bindings solution : solve(branch.body(), Bindings.NONE, world)) {
        for (Results r : evalAll(terms, solution, world)) {
          put(root, r.values.subList(0, branch.path().size()), r.values.getLast(), def.isMember());
        }
      }
    }
    return root.build();
  }

  private void put(Tree root, List<RegoValue> path, RegoValue value, boolean member) {
    Tree at = root;
    for (RegoValue key : path) {
      if (at.leaf != null || at.set != null) {
        conflict();
        return;
      }
      at = at.below.computeIfAbsent(key, k -> new Tree());
    }
    if (member) {
      if (!at.below.isEmpty() || (at.leaf != null && !(at.leaf instanceof RegoSet))) {
        conflict();
        return;
      }
      RegoSet.Builder members = at.set == null ? RegoSet.builder() : at.set;
      if (at.leaf instanceof RegoSet set) {
        set.forEach(members::add);
        at.leaf = null;
      }
      members.add(value);
      at.set = members;
      return;
    }
    boolean isFree = at.leaf == null && at.set == null && at.below.isEmpty();
    if (!isFree && !at.build().equals(value)) {
      conflict();
      return;
    }
    at.leaf = value;
    at.set = null;
    at.below.clear();
  }
}
