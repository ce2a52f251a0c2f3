package io.outrider.policy.eval;

import io.outrider.policy.compile.DocNode;
import io.outrider.policy.compile.IrBody;
import io.outrider.policy.compile.IrExpr;
import io.outrider.policy.compile.IrTerm;
import io.outrider.policy.compile.IrTerm.Const;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.eval.Place.Root;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads from a body what must be true of places for it to have a solution.
///
/// A body that fails its requirements is not entered. That saves time, and it is part of the
/// language as OPA has it: an expression that would raise an error does not when another one rules
/// the body out in this way. So what counts here is what OPA's rule index counts. One thing differs
/// on purpose: where the expression itself would raise an error for the value at hand, as
/// `startswith` does for a number, the body is entered and the error reported. With OPA such a rule
/// vanishes, even in strict mode.
final class Requirements {
  private final DocNode root;
  private final Set<Requirement> found = new LinkedHashSet<>();
  private final Map<Integer, Place> aliases = new HashMap<>();
  private final Map<Integer, RegoValue> constants = new HashMap<>();

  /// Whether an expression seen before may raise an error, which must then not be hidden.
  private boolean fallible;

  private Requirements(DocNode root) {
    this.root = root;
  }

  /// What the body requires.
  ///
  /// @param args the patterns of the function's arguments
  static List<Requirement> of(DocNode root, IrBody body, List<IrTerm> args) {
    if (prints(body)) {
      return List.of();
    }
    Requirements requirements = new Requirements(root);
    for (int i = 0; i < args.size(); i++) {
      if (args.get(i) instanceof Local l) {
        requirements.aliases.put(l.var().slot(), new Place(Root.ARGUMENT, i, List.of()));
      }
    }
    for (IrExpr expr : body.exprs()) {
      requirements.modifiers(expr);
      if (expr.withs().isEmpty()) {
        requirements.expression(expr);
      }
      requirements.fallible |= !requirements.isHarmless(expr);
    }
    return List.copyOf(requirements.found);
  }

  /// What is printed must not depend on what is left out.
  private static boolean prints(IrBody body) {
    return body.exprs().stream().anyMatch(e -> e instanceof IrExpr.Print);
  }

  /// The values of `with` are those outside of it.
  private void modifiers(IrExpr expr) {
    for (IrExpr.IrWith with : expr.withs()) {
      switch (with.target()) {
        case IrExpr.Target.InInput t -> all(t.value());
        case IrExpr.Target.InData t -> all(t.value());
        case IrExpr.Target.ByValue t -> all(t.value());
        case IrExpr.Target.ByFunction t -> {}
      }
    }
  }

  private static final Set<String> COMPARISONS =
      Set.of("equal", "eq", "neq", "lt", "lte", "gt", "gte", "internal.member_2");

  /// Whether nothing in the expression can raise an error.
  private boolean isHarmless(IrExpr expr) {
    if (!expr.withs().isEmpty()) {
      return false;
    }
    return switch (expr) {
      case IrExpr.Test e -> isHarmless(e.term());
      case IrExpr.Unify e -> isHarmless(e.left()) && isHarmless(e.right());
      case IrExpr.CallExpr e ->
          COMPARISONS.contains(e.call().callee().name())
              && e.call().args().stream().allMatch(this::isHarmless);
      default -> false;
    };
  }

  private boolean isHarmless(IrTerm term) {
    return term instanceof Const || term instanceof Local || place(term) != null;
  }

  private void expression(IrExpr expr) {
    switch (expr) {
      case IrExpr.Test e -> {
        below(e.term());
        if (!key(e.term(), e.at())) {
          require(place(e.term()), new Condition.Defined(), e.at());
        }
      }
      case IrExpr.Unify e -> {
        below(e.left());
        below(e.right());
        equation(e.left(), e.right(), e.at());
      }
      case IrExpr.CallExpr e -> call(e);
      case IrExpr.Not e -> {
        if (!e.closed() && e.body().exprs().size() == 1) {
          negated(e.body().exprs().getFirst());
        }
      }
      case IrExpr.Every e -> all(e.domain());
      case IrExpr.Logic e -> {}
      case IrExpr.Holds e -> {}
      case IrExpr.Print e -> {}
    }
  }

  /// References below the top of a negated expression stand outside of the negation.
  private void negated(IrExpr expr) {
    if (!expr.withs().isEmpty()) {
      return;
    }
    switch (expr) {
      case IrExpr.Test e -> below(e.term());
      case IrExpr.Unify e -> {
        below(e.left());
        below(e.right());
      }
      case IrExpr.CallExpr e -> arguments(e);
      default -> {}
    }
  }

  private void call(IrExpr.CallExpr e) {
    arguments(e);
    if (e.out() != null || e.call().args().size() < 2) {
      return;
    }
    IrTerm left = e.call().args().get(0);
    IrTerm right = e.call().args().get(1);
    switch (e.call().callee().name()) {
      case "equal", "eq" -> equation(left, right, e.at());
      case "internal.member_2" -> member(left, right, e.at());
      case "startswith" -> affix(left, right, false, e.at());
      case "endswith" -> affix(left, right, true, e.at());
      case "strings.any_prefix_match" -> affixes(left, right, false, e.at());
      case "strings.any_suffix_match" -> affixes(left, right, true, e.at());
      case "glob.match" -> glob(e);
      default -> {}
    }
  }

  private void arguments(IrExpr.CallExpr e) {
    boolean equality = e.out() == null && e.call().callee().name().equals("equal");
    for (IrTerm arg : e.call().args()) {
      if (equality) {
        below(arg);
      } else {
        all(arg);
      }
    }
    IrTerm out = e.out();
    if (out != null) {
      all(out);
    }
  }

  // What must be defined.

  private void all(IrTerm term) {
    below(term);
    if (term instanceof IrTerm.Ref) {
      require(place(term), new Condition.Defined(), term.at());
    }
  }

  private void below(IrTerm term) {
    switch (term) {
      case IrTerm.Ref t -> {
        t.path().forEach(this::all);
        if (t.root() instanceof IrTerm.Root.Of head) {
          all(head.term());
        }
      }
      case IrTerm.Arr t -> t.items().forEach(this::all);
      case IrTerm.SetOf t -> t.items().forEach(this::all);
      case IrTerm.Obj t ->
          t.pairs()
              .forEach(pair -> {
                all(pair.key());
                all(pair.value());
              });
      case Const t -> {}
      case Local t -> {}
      case IrTerm.Compr t -> {}
      case IrTerm.Template t -> {}
    }
  }

  private void require(@Nullable Place place, Condition condition, Span at) {
    if (place == null
        || (place.root() == Root.ARGUMENT && condition instanceof Condition.Defined)) {
      return;
    }
    found.add(new Requirement(place, null, condition, at));
  }

  /// `data.groups[input.name]`, alone.
  private boolean key(IrTerm term, Span at) {
    if (!(term instanceof IrTerm.Ref ref)
        || !(ref.root() instanceof IrTerm.Root.Data)
        || ref.path().isEmpty()) {
      return false;
    }
    Place collection =
        place(new IrTerm.Ref(ref.root(), ref.path().subList(0, ref.path().size() - 1), ref.at()));
    Place key = resolved(ref.path().getLast());
    if (collection == null || key == null) {
      return false;
    }
    found.add(new Requirement(collection, key, new Condition.Defined(), at));
    return true;
  }

  // Equality.

  private void equation(IrTerm left, IrTerm right, Span at) {
    if (!element(left, right, at) && !element(right, left, at) && !equality(left, right, at)) {
      equality(right, left, at);
    }
  }

  private boolean equality(IrTerm a, IrTerm b, Span at) {
    RegoValue constant = constant(b);
    if (a instanceof Local l) {
      int slot = l.var().slot();
      Place place = aliases.get(slot);
      if (place != null) {
        Condition condition = condition(b, constant);
        if (condition != null) {
          require(place, condition, at);
          return true;
        }
        return false;
      }
      if (constant != null) {
        constants.putIfAbsent(slot, constant);
      } else {
        Place other = place(b);
        if (other != null) {
          aliases.put(slot, other);
          require(other, new Condition.Defined(), at);
          return true;
        }
      }
      return false;
    }
    Place place = a instanceof IrTerm.Ref ? place(a) : null;
    Condition condition = place == null ? null : condition(b, constant);
    if (condition == null) {
      return false;
    }
    require(place, condition, at);
    return true;
  }

  private static @Nullable Condition condition(IrTerm other, @Nullable RegoValue constant) {
    if (constant != null && isScalar(constant)) {
      return new Condition.OneOf(Set.of(constant));
    }
    if (constant instanceof RegoArray array) {
      RegoValue[] items = new RegoValue[array.size()];
      for (int i = 0; i < items.length; i++) {
        items[i] = array.get(i);
        if (!isScalar(items[i])) {
          return null;
        }
      }
      return new Condition.Shape(items);
    }
    return switch (other) {
      case Local l -> new Condition.Defined();
      case IrTerm.Arr t -> {
        @Nullable RegoValue[] items = new RegoValue[t.items().size()];
        for (int i = 0; i < items.length; i++) {
          switch (t.items().get(i)) {
            case Const c when isScalar(c.value()) -> items[i] = c.value();
            case Local l -> items[i] = null;
            // A reference is a variable by the time the index is built.
            case IrTerm.Ref r -> items[i] = null;
            default -> {
              yield null;
            }
          }
        }
        yield new Condition.Shape(items);
      }
      default -> null;
    };
  }

  /// `place[_] == constant`.
  private boolean element(IrTerm a, IrTerm b, Span at) {
    RegoValue constant = constant(b);
    if (!(a instanceof IrTerm.Ref ref)
        || ref.path().isEmpty()
        || constant == null
        || !isScalar(constant)
        || constant(ref.path().getLast()) != null) {
      return false;
    }
    Place place =
        place(new IrTerm.Ref(ref.root(), ref.path().subList(0, ref.path().size() - 1), ref.at()));
    if (place == null) {
      return false;
    }
    require(place, new Condition.Holds(constant), at);
    return true;
  }

  private void member(IrTerm item, IrTerm in, Span at) {
    Place place = resolved(item);
    RegoValue collection = constant(in);
    if (place != null) {
      Set<RegoValue> values = new LinkedHashSet<>();
      switch (collection) {
        case RegoArray a -> a.forEach(values::add);
        case RegoSet s -> s.forEach(values::add);
        case RegoObject o -> o.forEach(e -> values.add(e.value()));
        case null, default -> {
          return;
        }
      }
      if (values.stream().allMatch(Requirements::isScalar)) {
        require(place, new Condition.OneOf(values), at);
      }
      return;
    }
    RegoValue element = constant(item);
    Place holder = resolved(in);
    if (holder != null && element != null && isScalar(element)) {
      require(holder, new Condition.Holds(element), at);
    }
  }

  // Text.

  private void affix(IrTerm text, IrTerm affix, boolean suffix, Span at) {
    Place place = resolved(text);
    if (place != null && constant(affix) instanceof RegoString s) {
      require(place, new Condition.Affix(List.of(s.value()), suffix), at);
    }
  }

  private void affixes(IrTerm text, IrTerm affixes, boolean suffix, Span at) {
    Place place = resolved(text);
    RegoValue constant = constant(affixes);
    List<String> texts = new ArrayList<>();
    Iterable<RegoValue> items =
        switch (constant) {
          case RegoArray a -> a;
          case RegoSet s -> s;
          case RegoString s -> List.<RegoValue>of(s);
          case null, default -> List.<RegoValue>of(RegoNull.NULL);
        };
    for (RegoValue item : items) {
      if (!(item instanceof RegoString s)) {
        return;
      }
      texts.add(s.value());
    }
    require(place, new Condition.Affix(texts, suffix), at);
  }

  /// A glob matches only what begins with its text up to the first star. OPA does not go by that,
  /// so it must not hide an error of an expression before it.
  private void glob(IrExpr.CallExpr e) {
    Place place = resolved(e.call().args().get(2));
    if (fallible
        || place == null
        || !(constant(e.call().args().get(0)) instanceof RegoString pattern)
        || pattern.value().chars().anyMatch(c -> "[]{}\\!,".indexOf(c) >= 0)) {
      return;
    }
    String text = pattern.value();
    int end = 0;
    while (end < text.length() && text.charAt(end) != '*' && text.charAt(end) != '?') {
      end++;
    }
    if (end > 0) {
      require(place, new Condition.Affix(List.of(text.substring(0, end)), false), e.at());
    }
  }

  // Terms.

  private @Nullable RegoValue constant(IrTerm term) {
    return switch (term) {
      case Const c -> c.value();
      case Local l -> constants.get(l.var().slot());
      default -> null;
    };
  }

  private @Nullable Place resolved(IrTerm term) {
    return term instanceof Local l ? aliases.get(l.var().slot()) : place(term);
  }

  /// The place a reference names, or null where it has open keys or meets rules.
  private @Nullable Place place(IrTerm term) {
    if (!(term instanceof IrTerm.Ref ref)) {
      return null;
    }
    List<RegoValue> path = new ArrayList<>();
    for (IrTerm key : ref.path()) {
      RegoValue constant = constant(key);
      if (constant == null || (!(key instanceof Const) && !isScalar(constant))) {
        return null;
      }
      path.add(constant);
    }
    return switch (ref.root()) {
      case IrTerm.Root.Input r -> new Place(Root.INPUT, 0, path);
      case IrTerm.Root.Data r -> isVirtual(path) ? null : new Place(Root.DATA, 0, path);
      case IrTerm.Root.Of head -> {
        Place start = head.term() instanceof Local l ? aliases.get(l.var().slot()) : null;
        if (start == null) {
          yield null;
        }
        List<RegoValue> whole = new ArrayList<>(start.path());
        whole.addAll(path);
        yield start.root() == Root.DATA && isVirtual(whole)
            ? null
            : new Place(start.root(), start.argument(), whole);
      }
    };
  }

  private boolean isVirtual(List<RegoValue> path) {
    DocNode node = root;
    for (RegoValue key : path) {
      node = node.child(key);
      if (node == null) {
        return false;
      }
      if (node.rules() != null) {
        return true;
      }
    }
    return true;
  }

  private static boolean isScalar(RegoValue value) {
    return !(value instanceof RegoArray || value instanceof RegoObject || value instanceof RegoSet);
  }
}
