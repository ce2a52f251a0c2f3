package io.outrider.policy.fmt;

import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.syntax.Term.Call;
import io.outrider.policy.syntax.Term.Entry;
import io.outrider.policy.syntax.Term.Ref;
import io.outrider.policy.syntax.Term.Scalar;
import io.outrider.policy.syntax.Term.Template;
import io.outrider.policy.syntax.Term.Var;
import io.outrider.policy.value.RegoString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// Writes terms.
final class Terms {
  /// Stands for the line of a bracket whose place does not matter.
  private static final int NOWHERE = -1;

  /// Names that only OPA's compiler gives; what it wrote has no lines to be kept.
  private static final String GENERATED = "__local";

  private final Page page;
  private final Names names;
  private final Exprs exprs;

  /// Whether a comment on the last line of a copied term belongs to it.
  private boolean copiesLastComment;

  Terms(Page page, Names names, Exprs exprs) {
    this.page = page;
    this.names = names;
    this.exprs = exprs;
  }

  void copiesLastComment(boolean value) {
    copiesLastComment = value;
  }

  /// Writes a term; if comments crowd it, as it was.
  void write(Term term) {
    if (!page.hasComments()) {
      write(term, false);
      return;
    }
    Page.Mark mark = page.mark();
    try {
      write(term, false);
    } catch (Crowded e) {
      page.copy(mark, term.at(), copiesLastComment);
      throw e.copiedTo(term.at().end());
    }
  }

  /// @param parens whether an operator stands in parentheses here
  void write(Term term, boolean parens) {
    page.reach(row(term));
    page.startLineIfNeeded();
    switch (term) {
      case Scalar t -> page.write(t.at().text());
      case Var t -> page.write(t.isWildcard() ? "_" : t.name());
      case Ref t -> ref(t.head(), t.path());
      case Call t -> call(t, parens);
      case Term.ArrayTerm t -> {
        page.write("[");
        items(t.items(), t.at(), t.at().endRow(), true);
        page.write("]");
      }
      case Term.SetTerm t -> {
        if (t.items().isEmpty()) {
          page.write("set()");
          page.reach(t.at().endRow());
        } else {
          page.write("{");
          items(t.items(), t.at(), t.at().endRow(), true);
          page.write("}");
        }
      }
      case Term.ObjectTerm t -> {
        page.write("{");
        list(t.entries(), e -> e.key().at(), t.at(), t.at().endRow(), this::entry);
        page.write("}");
      }
      case Term.ArrayCompr t -> {
        page.write("[");
        breakBefore(t.head(), t.at());
        comprehension(t.head(), t.body(), t.head().at().row(), t.at());
        page.write("]");
      }
      case Term.SetCompr t -> {
        page.write("{");
        breakBefore(t.head(), t.at());
        comprehension(t.head(), t.body(), t.head().at().row(), t.at());
        page.write("}");
      }
      case Term.ObjectCompr t -> {
        page.write("{");
        unionApart(t.key());
        page.write(": ");
        comprehension(t.value(), t.body(), t.at().row(), t.at());
        page.write("}");
      }
      case Template t -> template(t);
    }
    page.startLineIfNeeded();
  }

  static int row(Term term) {
    return term.at().row();
  }

  // References and calls.

  void ref(Term head, List<Term> path) {
    boolean parens = names.operator(head) != null;
    write(head, parens);
    path.forEach(this::step);
  }

  private void step(Term step) {
    if (step instanceof Scalar s && s.value() instanceof RegoString name) {
      page.write(names.step(name.value(), step.at().text()));
      return;
    }
    page.write("[");
    write(step);
    page.write("]");
  }

  private void call(Call call, boolean parens) {
    Operator operator = names.operator(call);
    if (operator == null) {
      plainCall(call);
      return;
    }
    boolean apart = operator.isMember() ? call.args().size() == 3 : parens;
    page.write(apart ? "(" : "");
    operation(call, operator, true);
    page.write(apart ? ")" : "");
  }

  /// Two operands, or three before `in`, with the operator between them.
  ///
  /// @param nested whether operators among the operands stand in parentheses in any case
  void operation(Call call, Operator operator, boolean nested) {
    List<Term> args = call.args();
    boolean apart = nested || operator.isMember();
    for (int i = 0; i < args.size(); i++) {
      if (i > 0) {
        page.write(args.size() - i == 1 ? " " + operator.sign() + " " : ", ");
      }
      operand(args.get(i), apart, operator, i == 0);
    }
  }

  private void operand(Term operand, boolean nested, Operator outer, boolean left) {
    Operator inner = names.operator(operand);
    boolean captured = inner != null && outer.captures(inner, left);
    boolean inParens = inner != null && (nested || captured || exprs.isFirstUnion(operand));
    if (inner != null && captured && inner.isMember() && ((Call) operand).args().size() == 2) {
      page.write("(");
      write(operand, false);
      page.write(")");
    } else if (nested || inParens) {
      write(operand, inParens);
    } else {
      write(operand);
    }
  }

  void plainCall(Call call) {
    switch (call.function()) {
      case Ref r -> ref(r.head(), r.path());
      case Var v -> page.write(v.name());
      default -> write(call.function(), false);
    }
    page.write("(");
    items(call.args(), call.function().at(), NOWHERE, false);
    page.write(")");
  }

  // Collections.

  /// @param unions whether a union must be kept apart from the `|` of a comprehension
  void items(List<Term> items, Span last, int closing, boolean unions) {
    list(
        items,
        Term::at,
        last,
        closing,
        item -> {
          boolean union = names.isUnion(item) && (unions || isInParens(item));
          page.write(union ? "(" : "");
          write(item);
          page.write(union ? ")" : "");
        });
  }

  private void entry(Entry entry) {
    unionApart(entry.key());
    page.write(": ");
    unionApart(entry.value());
  }

  private void unionApart(Term term) {
    boolean union = names.isUnion(term);
    page.write(union ? "(" : "");
    write(term);
    page.write(union ? ")" : "");
  }

  /// Whether an argument of a call stands in parentheses of its own.
  private static boolean isInParens(Term arg) {
    String before = arg.at().source().text().substring(0, arg.at().start()).stripTrailing();
    if (!before.endsWith("(")) {
      return false;
    }
    String earlier = before.substring(0, before.length() - 1).stripTrailing();
    return earlier.endsWith(",") || earlier.endsWith("(");
  }

  /// Items that stood on one line stay on one line. If there are several lines, each of them is
  /// indented and ends in a comma.
  private <T> void list(
      List<T> items, Function<T, Span> place, Span opening, int closing, Consumer<T> writer) {
    List<List<T>> lines =
        items.stream().anyMatch(i -> place.apply(i).text().startsWith(GENERATED))
            ? List.of(items)
            : lines(items, place);
    boolean multiline = lines.size() > 1;
    if (lines.size() <= 1) {
      if (page.hasCommentBetween(opening.row(), closing)) {
        throw new Crowded();
      }
      multiline = !items.isEmpty() && breaksBefore(place.apply(items.getFirst()), opening, closing);
    }
    if (multiline) {
      page.startItems();
    }
    for (int i = 0; i < lines.size(); i++) {
      if (i > 0) {
        page.write(",");
        page.endLine();
        page.startLine();
      }
      line(lines.get(i), writer);
    }
    if (multiline) {
      page.write(",");
      page.endLine();
      page.reach(closing);
      page.outdent();
      page.startLine();
    }
  }

  private <T> void line(List<T> line, Consumer<T> writer) {
    for (int i = 0; i < line.size(); i++) {
      if (i > 0) {
        page.write(", ");
      }
      writer.accept(line.get(i));
    }
  }

  /// Items by the lines on which they began.
  static <T> List<List<T>> lines(List<T> items, Function<T, Span> place) {
    List<List<T>> lines = new ArrayList<>();
    int row = 0;
    for (T item : items) {
      int its = place.apply(item).row();
      if (lines.isEmpty() || its > row) {
        lines.add(new ArrayList<>());
      }
      row = its;
      lines.getLast().add(item);
    }
    return lines;
  }

  /// Whether the only line of items began below the opening bracket. Arguments of a call are drawn
  /// up to it.
  private static boolean breaksBefore(Span first, Span opening, int closing) {
    return closing != NOWHERE
        && first.start() > opening.start()
        && opening.source().text().substring(opening.start(), first.start()).indexOf('\n') > 0;
  }

  // Comprehensions.

  private void breakBefore(Term head, Span opening) {
    if (head.at().row() > opening.row()) {
      page.endLine();
      page.startLine();
    }
  }

  private void comprehension(Term head, Body body, int row, Span at) {
    write(head, names.operator(head) != null);
    page.write(" |");
    exprs.inBrackets(body, row, at.endRow());
  }

  // Template strings.

  private void template(Template template) {
    boolean raw = template.at().text().startsWith("$`");
    page.write(raw ? "$`" : "$\"");
    for (Term.Part part : template.parts()) {
      switch (part) {
        case Term.Text text -> page.write(Names.templateText(text.text(), raw));
        case Term.Hole hole -> hole(hole, template.at(), raw);
      }
    }
    page.write(raw ? "`" : "\"");
  }

  /// An expression between braces. A constant needs none.
  private void hole(Term.Hole hole, Span template, boolean raw) {
    if (page.hasCommentBetween(template.row() - 1, template.endRow())) {
      // A comment inside of a template string is kept by keeping all of the string.
      throw new Crowded();
    }
    if (hole.expr() instanceof Expr.Plain p
        && p.withs().isEmpty()
        && p.term() instanceof Scalar constant) {
      String text = constant.value() instanceof RegoString s ? s.value() : constant.at().text();
      page.write(Names.templateText(text, raw));
      return;
    }
    page.write("{");
    page.indent();
    exprs.write(hole.expr());
    page.outdent();
    page.write("}");
  }
}
