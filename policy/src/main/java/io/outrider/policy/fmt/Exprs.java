package io.outrider.policy.fmt;

import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Expr.With;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.syntax.Term.Call;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes bodies and the expressions in them.
final class Exprs {
  private final Page page;
  private final Names names;
  private final Terms terms;

  /// A union at the very beginning of a body in braces, where `|` would begin a comprehension.
  private @Nullable Term unionFirst;

  Exprs(Page page, Names names) {
    this.page = page;
    this.names = names;
    this.terms = new Terms(page, names, this);
  }

  Terms terms() {
    return terms;
  }

  // Bodies.

  /// One expression on each line; of the empty lines between two, one is kept.
  void body(Body body) {
    page.reach(body.exprs().getFirst().at().row());
    int row = 0;
    for (Expr expr : body.exprs()) {
      if (row > 0 && expr.at().row() > row + 1) {
        page.blankLine();
      }
      row = expr.at().endRow();
      page.startLine();
      writeOrCopy(expr);
      page.endLine();
    }
  }

  /// The body of a comprehension, of `every` and the like: on the line of `row` if it was there.
  void inBrackets(Body body, int row, int closing) {
    List<Expr> all = body.exprs();
    boolean broken = all.getFirst().at().row() > row || Terms.lines(all, Expr::at).size() > 1;
    if (!broken) {
      for (int i = 0; i < all.size(); i++) {
        page.write(i == 0 ? " " : "; ");
        write(all.get(i));
      }
      page.reach(closing);
      return;
    }
    page.endLine();
    page.indent();
    body(body);
    page.reach(closing);
    page.outdent();
    page.startLine();
  }

  private void braces(Body body, int row, int closing) {
    unionFirst = leadingUnion(body.exprs().getFirst());
    page.write("{");
    inBrackets(body, row, closing);
    page.write(body.exprs().getLast().at().row() == row ? " }" : "}");
  }

  /// Writes an expression; if comments crowd it and no single term could be copied to its end, all
  /// of it as it was.
  void writeOrCopy(Expr expr) {
    Page.Mark mark = page.mark();
    try {
      write(expr);
    } catch (Crowded e) {
      if (e.copiedTo() < expr.at().end()) {
        page.copy(mark, expr.at(), true);
      }
    }
  }

  /// Keeps a union that `expr` begins with apart from the brace before it.
  void afterBrace(Expr expr) {
    unionFirst = leadingUnion(expr);
  }

  /// Whether this is the union that must be kept apart; asked once.
  boolean isFirstUnion(Term term) {
    boolean found = term == unionFirst;
    if (found) {
      unionFirst = null;
    }
    return found;
  }

  private @Nullable Term leadingUnion(Expr expr) {
    return switch (expr) {
      case Expr.Plain p when !p.negated() -> {
        Term first = p.term();
        if (first instanceof Call c && names.operator(c) != null && !names.isUnion(c)) {
          first = c.args().getFirst();
        }
        yield names.isUnion(first) ? first : null;
      }
      case Expr.Logic l -> leadingUnion(l.left());
      default -> null;
    };
  }

  // Expressions.

  void write(Expr expr) {
    page.reach(expr.at().row());
    page.startLineIfNeeded();
    Expr core = unwrapped(expr);
    core(core);
    withs(expr, expr.withs());
  }

  /// What stands in parentheses that are not needed.
  private static Expr unwrapped(Expr expr) {
    return inParens(expr) && expr instanceof Expr.Group g && single(g).withs().isEmpty()
        ? unwrapped(single(g))
        : expr;
  }

  private static boolean inParens(Expr expr) {
    return expr instanceof Expr.Group g && g.at().text().startsWith("(");
  }

  private static Expr single(Expr.Group group) {
    return group.body().exprs().getFirst();
  }

  private void core(Expr expr) {
    switch (expr) {
      case Expr.Plain e -> {
        page.write(e.negated() ? "not " : "");
        plain(e.term());
      }
      case Expr.SomeDecl e -> declaration(e);
      case Expr.SomeIn e -> {
        page.write("some ");
        Term key = e.key();
        if (key != null) {
          terms.write(key, true);
          page.write(", ");
        }
        terms.write(e.value(), true);
        page.write(" in ");
        terms.write(e.domain(), true);
      }
      case Expr.Every e -> every(e);
      case Expr.NotBody e -> not(e);
      case Expr.Logic e -> logic(e);
      case Expr.Group e -> {
        if (inParens(e)) {
          page.write("(");
          write(single(e));
          page.write(")");
        } else {
          braces(e.body(), e.at().row(), e.at().endRow());
        }
      }
    }
  }

  private void plain(Term term) {
    Operator operator = names.operator(term);
    if (!(term instanceof Call call)) {
      terms.write(term);
    } else if (operator == null) {
      terms.plainCall(call);
    } else if (isFirstUnion(term)) {
      page.write("(");
      terms.operation(call, operator, false);
      page.write(")");
    } else {
      terms.operation(call, operator, false);
    }
  }

  private void declaration(Expr.SomeDecl some) {
    page.write("some");
    int row = some.at().row();
    for (int i = 0; i < some.vars().size(); i++) {
      Term.Var variable = some.vars().get(i);
      page.write(i == 0 ? "" : ",");
      if (variable.at().row() > row) {
        row = variable.at().row();
        page.endLine();
        page.startLine();
        page.write("\t");
      } else {
        page.write(" ");
      }
      terms.write(variable);
    }
  }

  private void every(Expr.Every every) {
    page.write("every ");
    Term.Var key = every.key();
    if (key != null) {
      terms.write(key);
      page.write(", ");
    }
    terms.write(every.value());
    page.write(" in ");
    terms.write(every.domain());
    page.write(" {");
    inBrackets(every.body(), every.at().row(), closing(every.body()));
    boolean oneLine =
        every.body().exprs().size() == 1
            && every.body().exprs().getFirst().at().row() == every.at().row();
    page.write(oneLine ? " }" : "}");
  }

  private void not(Expr.NotBody not) {
    page.write("not ");
    int row = not.at().row();
    String between =
        not.at().text().substring("not".length(), not.body().at().start() - not.at().start());
    if (between.stripLeading().startsWith("{")) {
      braces(not.body(), row, closing(not.body()));
      return;
    }
    Expr inner = unwrapped(not.body().exprs().getFirst());
    boolean parens =
        !inner.withs().isEmpty()
            || inner instanceof Expr.Logic
            || inner instanceof Expr.NotBody
            || beginsWithBrace(inner);
    page.write(parens ? "(" : "");
    write(inner);
    page.write(parens ? ")" : "");
  }

  // Logic.

  private void logic(Expr.Logic logic) {
    List<Expr.Logic> chain = new ArrayList<>();
    Expr first = logic;
    while (first instanceof Expr.Logic l
        && (chain.isEmpty() || !needsParens(l, chain.getLast(), false))) {
      chain.add(l);
      first = unwrapped(l.left());
    }
    operand(first, chain.getLast(), false);
    boolean indented = false;
    for (Expr.Logic step : chain.reversed()) {
      page.write(step.all() ? " and" : " or");
      if (step.right().at().row() > step.left().at().endRow()) {
        if (!indented) {
          page.indent();
          indented = true;
        }
        page.endLine();
        page.startLine();
      } else {
        page.write(" ");
      }
      operand(unwrapped(step.right()), step, true);
    }
    if (indented) {
      page.outdent();
    }
  }

  private void operand(Expr operand, Expr.Logic parent, boolean right) {
    if (operand instanceof Expr.Group) {
      write(operand);
      return;
    }
    boolean parens = needsParens(operand, parent, right);
    page.write(parens ? "(" : "");
    write(operand);
    page.write(parens ? ")" : "");
  }

  private boolean needsParens(Expr operand, Expr.Logic parent, boolean right) {
    if (!operand.withs().isEmpty()) {
      return true;
    }
    return operand instanceof Expr.Logic l
        ? (parent.all() && !l.all()) || (right && l.all() == parent.all())
        : beginsWithBrace(operand);
  }

  private boolean beginsWithBrace(Expr expr) {
    return expr instanceof Expr.Plain p && !p.negated() && beginsWithBrace(p.term());
  }

  private boolean beginsWithBrace(Term term) {
    return switch (term) {
      case Term.SetTerm t -> !t.items().isEmpty();
      case Term.ObjectTerm t -> true;
      case Term.SetCompr t -> true;
      case Term.ObjectCompr t -> true;
      case Term.Ref t -> beginsWithBrace(t.head());
      case Call t -> names.operator(t) != null && beginsWithBrace(t.args().getFirst());
      default -> false;
    };
  }

  // Modifiers.

  /// A modifier stays on the line on which the one before it ends, or begins a line of its own.
  private void withs(Expr expr, List<With> withs) {
    if (withs.isEmpty()) {
      return;
    }
    int row = rowBefore(expr, withs.getFirst());
    boolean indented = false;
    for (int i = 0; i < withs.size(); i++) {
      With with = withs.get(i);
      boolean breaks = i == 0 ? with.at().row() != row : with.at().row() > row;
      if (breaks && !indented) {
        page.indent();
        indented = true;
      }
      if (breaks) {
        page.endLine();
        page.startLine();
      }
      row = with.at().row();
      page.reach(row);
      page.write(breaks ? "with " : " with ");
      terms.write(with.target());
      page.write(" as ");
      try {
        terms.write(with.value());
      } catch (Crowded copied) {
        // The value stands there as it was; what follows it is not affected.
      }
    }
    if (indented) {
      page.outdent();
    }
  }

  private static int rowBefore(Expr expr, With with) {
    Span at = expr.at();
    String text = at.source().text().substring(at.start(), with.at().start());
    return new Span(at.source(), at.start(), at.start() + text.stripTrailing().length()).endRow();
  }

  /// The line of the bracket that closes a body.
  static int closing(Body body) {
    Span at = body.at();
    String text = at.source().text();
    int i = at.end();
    while (i < text.length() && text.charAt(i) != '}') {
      int newline = text.indexOf('\n', i);
      i = text.charAt(i) == '#' && newline >= 0 ? newline : i + 1;
    }
    return new Span(at.source(), i, i).row();
  }
}
