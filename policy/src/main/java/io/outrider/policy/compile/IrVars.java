package io.outrider.policy.compile;

import io.outrider.policy.compile.IrExpr.IrWith;
import io.outrider.policy.compile.IrTerm.Local;
import io.outrider.policy.compile.IrTerm.Root;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Which variables a term or expression uses: directly, or inside the bodies nested in it.
public final class IrVars {
  private IrVars() {}

  /// Meets variables and nested bodies.
  interface Visitor {
    void local(Local local);

    /// A nested body, with the terms of its head (for comprehensions).
    default void closure(IrBody body, List<IrTerm> head) {}

    /// A document that is referred to.
    default void ref(IrTerm.Ref ref) {}

    default void call(IrTerm.Callee callee) {}

    /// An expression, before what is in it.
    default void expression(IrExpr expr) {}

    default void template(IrTerm.Template template) {}
  }

  /// Slots of the variables outside of nested bodies.
  public static BitSet direct(IrTerm term) {
    BitSet vars = new BitSet();
    walk(term, collector(vars));
    return vars;
  }

  /// Slots of the variables outside of bodies of any kind.
  static BitSet plain(IrExpr expr) {
    BitSet vars = new BitSet();
    walk(expr, l -> vars.set(l.var().slot()));
    return vars;
  }

  /// Slots of the variables outside of nested bodies.
  public static BitSet direct(IrExpr expr) {
    BitSet vars = new BitSet();
    walk(expr, collector(vars));
    return vars;
  }

  private static Visitor collector(BitSet vars) {
    return new Visitor() {
      @Override
      public void local(Local local) {
        vars.set(local.var().slot());
      }

      @Override
      public void closure(IrBody body, List<IrTerm> head) {
        if (body.isImplicit()) {
          Visitor outside = this;
          Visitor inside =
              new Visitor() {
                @Override
                public void local(Local local) {
                  if (!local.var().isGenerated()) {
                    outside.local(local);
                  }
                }

                @Override
                public void closure(IrBody inner, List<IrTerm> innerHead) {
                  outside.closure(inner, innerHead);
                }
              };
          body.exprs().forEach(e -> walk(e, inside));
        }
      }
    };
  }

  /// The variables outside of nested bodies.
  public static void locals(IrExpr expr, Consumer<LocalVar> found) {
    walk(expr, l -> found.accept(l.var()));
  }

  /// The parts of `input` with constant paths that the expression names outside of nested bodies,
  /// with their text.
  public static void inputs(IrExpr expr, BiConsumer<String, List<RegoValue>> found) {
    walk(
        expr,
        new Visitor() {
          @Override
          public void local(Local local) {}

          @Override
          public void ref(IrTerm.Ref ref) {
            if (ref.root() instanceof Root.Input && !ref.path().isEmpty()) {
              List<RegoValue> path = new ArrayList<>();
              for (IrTerm key : ref.path()) {
                if (!(key instanceof IrTerm.Const c)) {
                  break;
                }
                path.add(c.value());
              }
              if (!path.isEmpty()) {
                found.accept(Paths.join("input", path), path);
              }
            }
          }
        });
  }

  /// Slots of the variables in nested bodies, at any depth.
  static BitSet closed(IrExpr expr) {
    BitSet vars = new BitSet();
    walk(
        expr,
        new Visitor() {
          @Override
          public void local(Local local) {}

          @Override
          public void closure(IrBody body, List<IrTerm> head) {
            deep(body, head, l -> vars.set(l.var().slot()));
          }
        });
    return vars;
  }

  /// Slots of all variables of a body and of the bodies nested in it.
  public static BitSet all(IrBody body) {
    BitSet vars = new BitSet();
    deep(body, List.of(), l -> vars.set(l.var().slot()));
    return vars;
  }

  static void deep(IrBody body, List<IrTerm> head, Consumer<Local> found) {
    everything(
        body,
        head,
        new Visitor() {
          @Override
          public void local(Local local) {
            found.accept(local);
          }
        });
  }

  /// Visits a body and all bodies nested in it.
  static void everything(IrBody body, List<IrTerm> head, Visitor visitor) {
    Visitor deep =
        new Visitor() {
          @Override
          public void local(Local local) {
            visitor.local(local);
          }

          @Override
          public void closure(IrBody inner, List<IrTerm> innerHead) {
            inner.exprs().forEach(e -> walk(e, this));
            innerHead.forEach(t -> walk(t, this));
          }

          @Override
          public void ref(IrTerm.Ref ref) {
            visitor.ref(ref);
          }

          @Override
          public void call(IrTerm.Callee callee) {
            visitor.call(callee);
          }

          @Override
          public void expression(IrExpr expr) {
            visitor.expression(expr);
          }
        };
    deep.closure(body, head);
  }

  static void walk(IrExpr expr, Visitor visitor) {
    visitor.expression(expr);
    switch (expr) {
      case IrExpr.Test e -> walk(e.term(), visitor);
      case IrExpr.Unify e -> {
        walk(e.left(), visitor);
        walk(e.right(), visitor);
      }
      case IrExpr.CallExpr e -> {
        visitor.call(e.call().callee());
        e.call().args().forEach(arg -> walk(arg, visitor));
        IrTerm out = e.out();
        if (out != null) {
          walk(out, visitor);
        }
      }
      case IrExpr.Not e -> {
        if (e.closed()) {
          visitor.closure(e.body(), List.of());
        } else {
          e.body().exprs().forEach(inner -> walk(inner, visitor));
        }
      }
      case IrExpr.Every e -> {
        walk(e.domain(), visitor);
        visitor.closure(e.body(), List.of());
      }
      case IrExpr.Logic e -> {
        visitor.closure(e.left(), List.of());
        visitor.closure(e.right(), List.of());
      }
      case IrExpr.Holds e -> visitor.closure(e.body(), List.of());
      case IrExpr.Print e -> e.args().forEach(arg -> walk(arg, visitor));
    }
    for (IrWith with : expr.withs()) {
      switch (with.target()) {
        case IrExpr.Target.InInput t -> walk(t.value(), visitor);
        case IrExpr.Target.InData t -> walk(t.value(), visitor);
        case IrExpr.Target.ByFunction t -> visitor.call(t.replacement());
        case IrExpr.Target.ByValue t -> walk(t.value(), visitor);
      }
    }
  }

  static void walk(IrTerm term, Visitor visitor) {
    switch (term) {
      case IrTerm.Const t -> {}
      case Local t -> visitor.local(t);
      case IrTerm.Ref t -> {
        visitor.ref(t);
        if (t.root() instanceof Root.Of head) {
          walk(head.term(), visitor);
        }
        t.path().forEach(key -> walk(key, visitor));
      }
      case IrTerm.Arr t -> t.items().forEach(item -> walk(item, visitor));
      case IrTerm.SetOf t -> t.items().forEach(item -> walk(item, visitor));
      case IrTerm.Obj t ->
          t.pairs()
              .forEach(pair -> {
                walk(pair.key(), visitor);
                walk(pair.value(), visitor);
              });
      case IrTerm.Compr t -> {
        IrTerm key = t.key();
        visitor.closure(t.body(), key == null ? List.of(t.value()) : List.of(key, t.value()));
      }
      case IrTerm.Template t -> {
        visitor.template(t);
        t.parts().forEach(part -> walk(part, visitor));
      }
    }
  }

  /// Whether a term is more than constants and variables.
  static boolean needsEvaluation(IrTerm term) {
    return switch (term) {
      case IrTerm.Const t -> false;
      case Local t -> false;
      case IrTerm.Ref t -> true;
      case IrTerm.Compr t -> true;
      case IrTerm.Template t -> true;
      case IrTerm.Arr t -> t.items().stream().anyMatch(IrVars::needsEvaluation);
      case IrTerm.SetOf t -> t.items().stream().anyMatch(IrVars::needsEvaluation);
      case IrTerm.Obj t ->
          t.pairs().stream().anyMatch(p -> needsEvaluation(p.key()) || needsEvaluation(p.value()));
    };
  }
}
