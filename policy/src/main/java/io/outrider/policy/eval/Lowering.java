package io.outrider.policy.eval;

import io.outrider.policy.compile.DocNode;
import io.outrider.policy.compile.IrBody;
import io.outrider.policy.compile.IrExpr;
import io.outrider.policy.compile.IrExpr.IrWith;
import io.outrider.policy.compile.IrTerm;
import io.outrider.policy.compile.IrTerm.Call;
import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.compile.IrTerm.Root;
import io.outrider.policy.compile.IrVars;
import io.outrider.policy.compile.LocalVar;
import io.outrider.policy.compile.Outputs;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Turns the ordered bodies of one rule or query into steps.
///
/// At every point it is known which variables are bound, so a variable's first use becomes "bind"
/// and every other one "compare", and a reference either looks something up or goes through a
/// collection. Nothing of that is decided at run time.
final class Lowering {
  private final Engine engine;
  private final boolean marks;
  private BitSet bound = new BitSet();
  private final Map<Integer, LocalVar> names = new HashMap<>();
  private int size;

  /// @param size the slots used by the variables
  /// @param marks whether each expression announces itself to the explanation
  Lowering(Engine engine, int size, boolean marks) {
    this.engine = engine;
    this.size = size;
    this.marks = marks;
  }

  /// Slots needed in all.
  int frameSize() {
    return size;
  }

  void bind(BitSet vars) {
    bound.or(vars);
  }

  BitSet boundVars() {
    return (BitSet) bound.clone();
  }

  void restore(BitSet vars) {
    bound = vars;
  }

  private int temp() {
    bound.set(size);
    return size++;
  }

  // Bodies.

  /// The body's steps; `end` is made once all variables of the body are bound.
  Step body(IrBody body, boolean rule, Supplier<Step> end) {
    return body(body, rule, List.of(), end);
  }

  /// As above; `keys` are those of an object, whose values announce themselves as soon as they are
  /// bound.
  Step body(IrBody body, boolean rule, List<IrTerm> keys, Supplier<Step> end) {
    List<Step> steps = new ArrayList<>();
    int index = 0;
    boolean announced = !marks || keys.isEmpty();
    for (IrExpr expr : body.exprs()) {
      if (rule && marks) {
        steps.add(mark(index++, expr));
      }
      if (marks) {
        steps.add(new Coverage.Hit(expr.at()));
      }
      expr(expr, steps);
      if (!announced && keys.stream().allMatch(this::evaluable)) {
        steps.add(new Explanation.Case(index, nodes(keys)));
        announced = true;
      }
    }
    return link(steps, end.get());
  }

  /// A body of its own inside a rule: what it binds is not seen outside.
  private Step closure(IrBody body, Supplier<Step> end) {
    BitSet outside = boundVars();
    Step first = body(body, false, end);
    bound = outside;
    return first;
  }

  private static Step link(List<Step> steps, Step end) {
    Step next = end;
    for (int i = steps.size() - 1; i >= 0; i--) {
      steps.get(i).next = next;
      next = steps.get(i);
    }
    return next;
  }

  private Step mark(int index, IrExpr expr) {
    List<String> varNames = new ArrayList<>();
    List<Integer> slots = new ArrayList<>();
    names.forEach((slot, var) -> {
      if (bound.get(slot) && !var.isGenerated() && !var.isWildcard()) {
        varNames.add(var.name());
        slots.add(slot);
      }
    });
    IrVars.locals(expr, var -> names.put(var.slot(), var));
    Map<String, Nodes.Input> inputs = new LinkedHashMap<>();
    IrVars.inputs(expr, (name, path) -> inputs.put(name, new Nodes.Input(path)));
    return new Explanation.Mark(
        index,
        expr.at(),
        varNames.toArray(new String[0]),
        slots.stream().mapToInt(Integer::intValue).toArray(),
        inputs.keySet().toArray(new String[0]),
        inputs.values().toArray(new Nodes.Input[0]));
  }

  // Expressions.

  private void expr(IrExpr expr, List<Step> out) {
    if (expr.withs().isEmpty()) {
      plain(expr, out);
      return;
    }
    Overlay.Change[] changes = new Overlay.Change[expr.withs().size()];
    for (int i = 0; i < changes.length; i++) {
      changes[i] = change(expr.withs().get(i), out);
    }
    BitSet before = boundVars();
    List<Step> inner = new ArrayList<>();
    plain(expr.under(List.of()), inner);
    BitSet outputs = boundVars();
    outputs.andNot(before);
    Overlay.Leave leave = new Overlay.Leave();
    out.add(new Overlay.Enter(changes, leave, outputs.stream().toArray()));
    out.addAll(inner);
    out.add(leave);
  }

  private Overlay.Change change(IrWith with, List<Step> out) {
    return switch (with.target()) {
      case IrExpr.Target.InInput t ->
          new Overlay.Change.Input(t.path(), node(ground(t.value(), out)));
      case IrExpr.Target.InData t ->
          new Overlay.Change.Data(t.path(), subtree(t.path()), node(ground(t.value(), out)));
      case IrExpr.Target.ByFunction t ->
          new Overlay.Change.Function(key(t.replaced()), t.replacement());
      case IrExpr.Target.ByValue t ->
          new Overlay.Change.Result(key(t.replaced()), node(ground(t.value(), out)));
    };
  }

  private static Object key(Callee callee) {
    return switch (callee) {
      case Callee.Native n -> n.builtin();
      case Callee.Function f -> f.rules();
    };
  }

  private BitSet subtree(List<RegoValue> path) {
    BitSet ids = new BitSet();
    DocNode node = engine.root();
    for (RegoValue step : path) {
      node = node == null ? null : node.child(step);
    }
    if (node != null) {
      addIds(node, ids);
    }
    return ids;
  }

  private static void addIds(DocNode node, BitSet ids) {
    ids.set(node.id());
    for (RegoValue key : node.keys()) {
      DocNode child = node.child(key);
      if (child != null) {
        addIds(child, ids);
      }
    }
  }

  private void plain(IrExpr expr, List<Step> out) {
    switch (expr) {
      case IrExpr.Test e -> test(e.term(), out);
      case IrExpr.Unify e -> unify(e.left(), e.right(), out);
      case IrExpr.CallExpr e -> call(e.call(), e.out(), out);
      case IrExpr.Not e -> {
        IrBody body = e.closed() ? e.body() : hoisted(e.body(), out);
        out.add(new Steps.Not(closure(body, Steps.Found::new)));
      }
      case IrExpr.Every e -> every(e, out);
      case IrExpr.Logic e -> {
        Step left = closure(e.left(), Steps.Found::new);
        Step right = closure(e.right(), Steps.Found::new);
        out.add(new Steps.Holds(e.all(), left, right));
      }
      case IrExpr.Holds e ->
          out.add(new Steps.Holds(true, closure(e.body(), Steps.Found::new), null));
      case IrExpr.Print e ->
          out.add(new Collect.Print(e.args().stream().map(this::node).toArray(Node[]::new)));
    }
  }

  private void test(IrTerm term, List<Step> out) {
    IrTerm known = ground(term, out);
    if (known instanceof Const c) {
      if (c.value() == RegoBoolean.FALSE) {
        out.add(new Steps.Fail());
      }
      return;
    }
    out.add(new Steps.Test(node(known)));
  }

  private void every(IrExpr.Every e, List<Step> out) {
    Node domain = node(ground(e.domain(), out));
    BitSet outside = boundVars();
    LocalVar key = e.key();
    if (key != null) {
      bound.set(key.slot());
    }
    bound.set(e.value().slot());
    Step body = closure(e.body(), Steps.Found::new);
    bound = outside;
    out.add(new Steps.Every(domain, key == null ? -1 : key.slot(), e.value().slot(), body));
  }

  private void call(Call call, @Nullable IrTerm result, List<Step> out) {
    List<IrTerm> known = new ArrayList<>(call.args().size());
    for (IrTerm arg : call.args()) {
      known.add(ground(arg, out));
    }
    Node[] args = known.stream().map(this::node).toArray(Node[]::new);
    boolean relation = call.callee() instanceof Callee.Native n && n.builtin().isRelation();
    if (result == null && !relation && comparison(call.callee(), args, out)) {
      return;
    }
    Node node = callNode(call.callee(), args, call.at());
    if (relation) {
      List<Runnable> later = new ArrayList<>();
      Matcher matcher = result == null ? new Matcher.Bind(temp()) : matcher(result, later, out);
      out.add(new Calls.EachResult(node, matcher));
      later.forEach(Runnable::run);
    } else if (result == null) {
      out.add(new Steps.Test(node));
    } else {
      assign(node, result, out);
    }
  }

  private boolean comparison(Callee callee, Node[] args, List<Step> out) {
    if (!(callee instanceof Callee.Native) || args.length != 2) {
      return false;
    }
    switch (callee.name()) {
      case "equal", "eq" -> out.add(new Steps.Equal(args[0], args[1]));
      case "neq" -> out.add(new Calls.NotEqual(args[0], args[1]));
      case "lt", "lte", "gt", "gte" -> out.add(new Calls.Compare(callee.name(), args[0], args[1]));
      default -> {
        return false;
      }
    }
    return true;
  }

  private Node callNode(Callee callee, Node[] args, Span at) {
    return switch (callee) {
      case Callee.Native n -> new Calls.Native(n.builtin(), args, at);
      case Callee.Function f -> new Calls.Function(f.rules(), engine.rules(f.rules()), args, at);
    };
  }

  // Negation.

  /// Takes out of a negated expression what OPA takes out: references among the arguments of a
  /// call, and inside the keys of a reference. Where one of them is undefined the whole body is,
  /// and not only the negated expression.
  private IrBody hoisted(IrBody body, List<Step> out) {
    if (body.exprs().size() != 1) {
      return body;
    }
    IrExpr expr = body.exprs().getFirst();
    IrExpr rewritten =
        switch (expr) {
          case IrExpr.Test e -> new IrExpr.Test(outer(e.term(), out), List.of(), e.at());
          case IrExpr.Unify e ->
              new IrExpr.Unify(
                  outer(e.left(), out), outer(e.right(), out), e.directional(), List.of(), e.at());
          case IrExpr.CallExpr e -> {
            boolean equality = e.call().callee().name().equals("equal");
            List<IrTerm> args = new ArrayList<>();
            for (IrTerm arg : e.call().args()) {
              args.add(equality ? outer(arg, out) : inner(arg, out));
            }
            IrTerm result = e.out();
            yield new IrExpr.CallExpr(
                new Call(e.call().callee(), args, e.call().at()),
                result == null ? null : inner(result, out),
                List.of(),
                e.at());
          }
          default -> expr;
        };
    return IrBody.of(rewritten);
  }

  private IrTerm outer(IrTerm term, List<Step> out) {
    if (term instanceof IrTerm.Ref ref) {
      return new IrTerm.Ref(ref.root(), inner(ref.path(), out), ref.at());
    }
    return inner(term, out);
  }

  private List<IrTerm> inner(List<IrTerm> terms, List<Step> out) {
    List<IrTerm> result = new ArrayList<>(terms.size());
    terms.forEach(t -> result.add(inner(t, out)));
    return result;
  }

  private IrTerm inner(IrTerm term, List<Step> out) {
    return switch (term) {
      case IrTerm.Ref t -> {
        IrTerm.Ref known = new IrTerm.Ref(t.root(), inner(t.path(), out), t.at());
        int slot = temp();
        out.add(new Steps.Bind(slot, node(ground(known, out))));
        yield local(slot, t.at());
      }
      case IrTerm.Arr t -> new IrTerm.Arr(inner(t.items(), out), t.at());
      case IrTerm.SetOf t -> new IrTerm.SetOf(inner(t.items(), out), t.at());
      case IrTerm.Obj t -> {
        List<IrTerm.Pair> pairs = new ArrayList<>();
        for (IrTerm.Pair pair : t.pairs()) {
          pairs.add(new IrTerm.Pair(inner(pair.key(), out), inner(pair.value(), out)));
        }
        yield new IrTerm.Obj(pairs, t.at());
      }
      case Const t -> t;
      case Local t -> t;
      case IrTerm.Compr t -> t;
      case IrTerm.Template t -> t;
    };
  }

  private Local local(int slot, Span at) {
    return new Local(LocalVar.temporary(slot, at), at);
  }

  // Unification.

  private record Equation(IrTerm left, IrTerm right) {}

  private void unify(IrTerm left, IrTerm right, List<Step> out) {
    Deque<Equation> open = new ArrayDeque<>();
    open.add(new Equation(left, right));
    int waiting = 0;
    while (!open.isEmpty()) {
      Equation equation = open.poll();
      if (solve(equation, open, out)) {
        waiting = 0;
      } else if (++waiting > open.size()) {
        throw new IllegalStateException("unsafe equation passed the safety check at " + left.at());
      } else {
        open.add(equation);
      }
    }
  }

  private boolean solve(Equation equation, Deque<Equation> open, List<Step> out) {
    IrTerm a = equation.left;
    IrTerm b = equation.right;
    if (evaluable(a) && evaluable(b)) {
      out.add(new Steps.Equal(node(a), node(b)));
      return true;
    }
    if (a instanceof IrTerm.Arr x && b instanceof IrTerm.Arr y) {
      return pairs(x, y, open, out);
    }
    if (a instanceof IrTerm.Obj x && b instanceof IrTerm.Obj y && constantKeys(x, y)) {
      return fields(x, y, open, out);
    }
    if (among(a, b, out) || among(b, a, out)) {
      return true;
    }
    if (Outputs.isKnown(a, bound)) {
      assign(a, b, out);
      return true;
    }
    if (Outputs.isKnown(b, bound)) {
      assign(b, a, out);
      return true;
    }
    return false;
  }

  private static boolean pairs(IrTerm.Arr x, IrTerm.Arr y, Deque<Equation> open, List<Step> out) {
    if (x.items().size() != y.items().size()) {
      out.add(new Steps.Fail());
      return true;
    }
    for (int i = x.items().size() - 1; i >= 0; i--) {
      open.addFirst(new Equation(x.items().get(i), y.items().get(i)));
    }
    return true;
  }

  private static boolean constantKeys(IrTerm.Obj x, IrTerm.Obj y) {
    return x.pairs().stream().allMatch(p -> p.key() instanceof Const)
        && y.pairs().stream().allMatch(p -> p.key() instanceof Const);
  }

  private static boolean fields(IrTerm.Obj x, IrTerm.Obj y, Deque<Equation> open, List<Step> out) {
    Map<RegoValue, IrTerm> left = byKey(x);
    Map<RegoValue, IrTerm> right = byKey(y);
    if (!left.keySet().equals(right.keySet())) {
      out.add(new Steps.Fail());
      return true;
    }
    left.forEach((key, value) -> {
      IrTerm other = right.get(key);
      if (other != null) {
        open.add(new Equation(value, other));
      }
    });
    return true;
  }

  private static Map<RegoValue, IrTerm> byKey(IrTerm.Obj object) {
    Map<RegoValue, IrTerm> map = new HashMap<>();
    for (IrTerm.Pair pair : object.pairs()) {
      if (pair.key() instanceof Const c) {
        map.put(c.value(), pair.value());
      }
    }
    return map;
  }

  /// `value = collection[_]` with a known value and a key nobody asks for.
  private boolean among(IrTerm value, IrTerm ref, List<Step> out) {
    if (!evaluable(value) || !(ref instanceof IrTerm.Ref r) || r.path().isEmpty()) {
      return false;
    }
    IrTerm last = r.path().getLast();
    boolean ignored =
        last instanceof Local l
            && !bound.get(l.var().slot())
            && (l.var().isWildcard() || l.var().isGenerated());
    if (!ignored) {
      return false;
    }
    IrTerm.Ref collection =
        new IrTerm.Ref(r.root(), r.path().subList(0, r.path().size() - 1), r.at());
    if (!evaluable(collection) || (r.root() instanceof Root.Data && !belowRules(collection))) {
      return false;
    }
    out.add(new Steps.Among(node(value), node(collection)));
    bound.set(((Local) last).var().slot());
    return true;
  }

  /// Whether a reference into `data` ends at or below a rule or base document, not above one.
  private boolean belowRules(IrTerm.Ref ref) {
    DocNode node = engine.root();
    for (IrTerm key : ref.path()) {
      if (!(key instanceof Const c)) {
        return false;
      }
      node = node.child(c.value());
      if (node == null || node.rules() != null) {
        return true;
      }
    }
    return false;
  }

  /// Makes `pattern` equal to a term that is known, or will be once its references have been gone
  /// through.
  private void assign(IrTerm known, IrTerm pattern, List<Step> out) {
    IrTerm value = ground(known, out);
    if (!(pattern instanceof Local) && Outputs.isKnown(pattern, bound)) {
      IrTerm other = ground(pattern, out);
      out.add(new Steps.Equal(node(value), node(other)));
      return;
    }
    assign(node(value), pattern, out);
  }

  private void assign(Node value, IrTerm pattern, List<Step> out) {
    if (pattern instanceof Local l && !bound.get(l.var().slot())) {
      bound.set(l.var().slot());
      names.put(l.var().slot(), l.var());
      out.add(new Steps.Bind(l.var().slot(), value));
      return;
    }
    List<Runnable> later = new ArrayList<>();
    Matcher matcher = matcher(pattern, later, out);
    out.add(new Steps.Match(value, matcher));
    later.forEach(Runnable::run);
  }

  /// A matcher for the pattern; what it cannot do itself is added to `out` by `later`, after the
  /// step it is part of.
  Matcher matcher(IrTerm pattern, List<Runnable> later, List<Step> out) {
    if (pattern instanceof Local l && !bound.get(l.var().slot())) {
      bound.set(l.var().slot());
      names.put(l.var().slot(), l.var());
      return new Matcher.Bind(l.var().slot());
    }
    if (evaluable(pattern)) {
      return new Matcher.Equal(node(pattern));
    }
    return switch (pattern) {
      case IrTerm.Arr t -> {
        Matcher[] items = new Matcher[t.items().size()];
        for (int i = 0; i < items.length; i++) {
          items[i] = matcher(t.items().get(i), later, out);
        }
        yield new Matcher.Items(items);
      }
      case IrTerm.Obj t -> {
        Node[] keys = new Node[t.pairs().size()];
        Matcher[] values = new Matcher[keys.length];
        for (int i = 0; i < keys.length; i++) {
          keys[i] = node(ground(t.pairs().get(i).key(), out));
        }
        for (int i = 0; i < keys.length; i++) {
          values[i] = matcher(t.pairs().get(i).value(), later, out);
        }
        yield new Matcher.Fields(keys, values);
      }
      case IrTerm.Ref t -> {
        int slot = temp();
        later.add(() -> unify(local(slot, t.at()), t, out));
        yield new Matcher.Bind(slot);
      }
      case Const t -> new Matcher.Equal(new Nodes.Constant(t.value()));
      case Local t -> new Matcher.Equal(new Nodes.Slot(t.var().slot()));
      case IrTerm.SetOf t -> throw open(t);
      case IrTerm.Compr t -> throw open(t);
      case IrTerm.Template t -> throw open(t);
    };
  }

  private static IllegalStateException open(IrTerm term) {
    return new IllegalStateException("unbound variables passed the safety check at " + term.at());
  }

  // Terms.

  private boolean evaluable(IrTerm term) {
    BitSet vars = IrVars.direct(term);
    vars.andNot(bound);
    return vars.isEmpty();
  }

  /// The term with each reference that has open keys replaced by a variable, which steps added to
  /// `out` bind.
  private IrTerm ground(IrTerm term, List<Step> out) {
    if (evaluable(term)) {
      return term;
    }
    return switch (term) {
      case IrTerm.Ref t -> iterate(t, out);
      case IrTerm.Arr t -> {
        List<IrTerm> items = new ArrayList<>();
        t.items().forEach(item -> items.add(ground(item, out)));
        yield new IrTerm.Arr(items, t.at());
      }
      case IrTerm.SetOf t -> {
        List<IrTerm> items = new ArrayList<>();
        t.items().forEach(item -> items.add(ground(item, out)));
        yield new IrTerm.SetOf(items, t.at());
      }
      case IrTerm.Obj t -> {
        List<IrTerm.Pair> pairs = new ArrayList<>();
        for (IrTerm.Pair pair : t.pairs()) {
          pairs.add(new IrTerm.Pair(ground(pair.key(), out), ground(pair.value(), out)));
        }
        yield new IrTerm.Obj(pairs, t.at());
      }
      case Local t -> throw open(t);
      case Const t -> t;
      case IrTerm.Compr t -> t;
      case IrTerm.Template t -> t;
    };
  }

  /// Steps through a reference with open keys; the result is a variable with its value.
  private Local iterate(IrTerm.Ref ref, List<Step> out) {
    Root root = ref.root();
    if (root instanceof Root.Of head && !evaluable(head.term())) {
      root = new Root.Of(ground(head.term(), out));
    }
    if (root instanceof Root.Data && walks(ref.path())) {
      return walk(ref, out);
    }
    List<IrTerm> known = new ArrayList<>();
    Local last = null;
    for (IrTerm key : ref.path()) {
      IrTerm k = key instanceof IrTerm.Ref || !(isPattern(key)) ? ground(key, out) : key;
      if (evaluable(k)) {
        known.add(k);
        continue;
      }
      Node collection = node(new IrTerm.Ref(root, known, ref.at()));
      List<Runnable> later = new ArrayList<>();
      Matcher matcher = matcher(k, later, out);
      int slot = temp();
      out.add(new Steps.Each(collection, matcher, slot));
      later.forEach(Runnable::run);
      last = local(slot, ref.at());
      root = new Root.Of(last);
      known = new ArrayList<>();
    }
    if (last != null && known.isEmpty()) {
      return last;
    }
    int slot = temp();
    out.add(new Steps.Bind(slot, node(new IrTerm.Ref(root, known, ref.at()))));
    return local(slot, ref.at());
  }

  private static boolean isPattern(IrTerm key) {
    return key instanceof Local || key instanceof IrTerm.Arr || key instanceof IrTerm.Obj;
  }

  /// Whether a path into `data` has an open or computed key above the rules.
  private boolean walks(List<IrTerm> path) {
    DocNode node = engine.root();
    for (IrTerm key : path) {
      if (!(key instanceof Const c)) {
        return true;
      }
      node = node.child(c.value());
      if (node == null || node.rules() != null) {
        return false;
      }
    }
    return true;
  }

  private Local walk(IrTerm.Ref ref, List<Step> out) {
    DocNode node = engine.root();
    List<RegoValue> prefix = new ArrayList<>();
    int at = 0;
    while (at < ref.path().size() && ref.path().get(at) instanceof Const c) {
      DocNode child = node.child(c.value());
      if (child == null) {
        break;
      }
      node = child;
      prefix.add(c.value());
      at++;
    }
    List<Runnable> later = new ArrayList<>();
    Documents.Key[] keys = new Documents.Key[ref.path().size() - at];
    for (int i = 0; i < keys.length; i++) {
      IrTerm key = ref.path().get(at + i);
      IrTerm k = isPattern(key) ? key : ground(key, out);
      keys[i] =
          evaluable(k)
              ? new Documents.Key(node(k), null)
              : new Documents.Key(null, matcher(k, later, out));
    }
    int slot = temp();
    out.add(new Documents.Walk(node, new Nodes.Base(prefix), keys, slot));
    later.forEach(Runnable::run);
    return local(slot, ref.at());
  }

  /// A term all of whose variables are bound.
  Node node(IrTerm term) {
    return switch (term) {
      case Const t -> new Nodes.Constant(t.value());
      case Local t -> new Nodes.Slot(t.var().slot());
      case IrTerm.Ref t -> ref(t);
      case IrTerm.Arr t -> new Nodes.ArrayOf(nodes(t.items()));
      case IrTerm.SetOf t -> new Nodes.SetOf(nodes(t.items()));
      case IrTerm.Obj t ->
          new Nodes.ObjectOf(
              nodes(t.pairs().stream().map(IrTerm.Pair::key).toList()),
              nodes(t.pairs().stream().map(IrTerm.Pair::value).toList()));
      case IrTerm.Compr t -> comprehension(t);
      case IrTerm.Template t -> new Collect.Template(nodes(t.parts()), t.at());
    };
  }

  private Node[] nodes(List<IrTerm> terms) {
    return terms.stream().map(this::node).toArray(Node[]::new);
  }

  private Node comprehension(IrTerm.Compr compr) {
    IrTerm key = compr.key();
    Step body =
        closure(
            compr.body(),
            () -> new Collect.Add(key == null ? null : node(key), node(compr.value()), compr.at()));
    return new Collect.Comprehension(compr.kind(), body);
  }

  private Node ref(IrTerm.Ref ref) {
    return switch (ref.root()) {
      case Root.Of head -> follow(node(head.term()), ref.path(), 0);
      case Root.Input input -> {
        List<RegoValue> constants = new ArrayList<>();
        int at = constants(ref.path(), 0, constants);
        yield follow(new Nodes.Input(constants), ref.path(), at);
      }
      case Root.Data data -> data(ref);
    };
  }

  private static int constants(List<IrTerm> path, int from, List<RegoValue> found) {
    int at = from;
    while (at < path.size() && path.get(at) instanceof Const c) {
      found.add(c.value());
      at++;
    }
    return at;
  }

  private Node follow(Node start, List<IrTerm> path, int from) {
    Node node = start;
    for (int i = from; i < path.size(); i++) {
      IrTerm key = path.get(i);
      node =
          key instanceof Const c && c.value() instanceof RegoString s
              ? new Nodes.GetName(node, s)
              : new Nodes.Get(node, node(key));
    }
    return node;
  }

  private Node data(IrTerm.Ref ref) {
    List<IrTerm> path = ref.path();
    DocNode node = engine.root();
    List<RegoValue> prefix = new ArrayList<>();
    for (int at = 0; at < path.size(); at++) {
      if (!(path.get(at) instanceof Const c)) {
        return documents(node, prefix, path.subList(at, path.size()));
      }
      DocNode child = node.child(c.value());
      prefix.add(c.value());
      if (child == null) {
        at = constants(path, at + 1, prefix);
        return follow(new Nodes.Base(prefix), path, at);
      }
      RuleSet set = child.rules();
      if (set != null) {
        return rule(set, child.id(), prefix, path, at + 1);
      }
      node = child;
    }
    return documents(node, prefix, List.of());
  }

  private Node documents(DocNode node, List<RegoValue> prefix, List<IrTerm> keys) {
    return new Documents.Value(
        node, new Nodes.Base(prefix), keys.stream().map(this::node).toList(), temp());
  }

  private Node rule(RuleSet set, int nodeId, List<RegoValue> prefix, List<IrTerm> path, int at) {
    Rules rules = engine.rules(set);
    Node base = new Nodes.Base(prefix);
    boolean keyed = set.kind() == RuleSet.Kind.SET || set.kind() == RuleSet.Kind.OBJECT;
    if (keyed && at < path.size()) {
      Node key = node(path.get(at));
      return follow(new Documents.RuleAt(rules, nodeId, key, base), path, at + 1);
    }
    return follow(new Documents.Rule(rules, nodeId, base), path, at);
  }
}
