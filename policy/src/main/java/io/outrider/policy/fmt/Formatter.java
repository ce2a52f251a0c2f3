package io.outrider.policy.fmt;

import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.syntax.Rule.Head;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.syntax.Term.Scalar;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lays out a module as `opa fmt` does. Laying out twice changes nothing more, and neither the
/// meaning of the module nor its comments change at all.
public final class Formatter {
  private final Module module;
  private final Page page;
  private final Names names;
  private final Exprs exprs;
  private final Terms terms;

  /// Whether a rule of the module has a long name, such as `a.b.c`; two names are then written with
  /// a dot as well.
  private final boolean dotted;

  private final Dialect dialect;

  private Formatter(Module module, Dialect dialect) {
    this.module = module;
    this.dialect = dialect;
    this.page = new Page(module.comments());
    this.names = new Names(module);
    this.exprs = new Exprs(page, names);
    this.terms = exprs.terms();
    this.dotted =
        module.rules().stream()
            .map(Rule::head)
            .anyMatch(h -> h.path().size() > (h.member() == null ? 1 : 0));
  }

  /// A comment in an odd place can need a second turn to find its line; no case is known that needs
  /// a fourth.
  private static final int MAX_TURNS = 5;

  /// The text laid out, or null when it cannot be read; `problems` hears why.
  public static @Nullable String format(Source source, Consumer<Diagnostic> problems) {
    return format(source, Dialect.V1, problems);
  }

  /// The text laid out for a dialect, or null when it cannot be read.
  public static @Nullable String format(
      Source source, Dialect dialect, Consumer<Diagnostic> problems) {
    String before = source.text();
    String after = once(source, dialect, problems);
    for (int turn = 1; turn < MAX_TURNS && after != null && !after.equals(before); turn++) {
      before = after;
      after = once(new Source(source.name(), before), dialect, problems);
    }
    return after;
  }

  private static @Nullable String once(
      Source source, Dialect dialect, Consumer<Diagnostic> problems) {
    List<Diagnostic> found = new ArrayList<>();
    Module parsed = Parser.parseModule(source, dialect.version(), name -> false, found::add);
    found.forEach(problems);
    return parsed == null || !found.isEmpty()
        ? null
        : new Formatter(dialect.of(parsed), dialect).write();
  }

  private String write() {
    page.reach(module.packageAt().row());
    page.startLine();
    page.write("package " + names.path(module.packagePath(), module.packageAt()));
    page.blankLine();
    if (dialect == Dialect.BOTH && !Imports.isV2(module)) {
      page.startLine();
      page.write("import rego.v1");
      page.blankLine();
    }
    int imports = 0;
    int rules = 0;
    while (imports < module.imports().size() || rules < module.rules().size()) {
      int until = imports;
      int next =
          rules < module.rules().size()
              ? module.rules().get(rules).at().start()
              : Integer.MAX_VALUE;
      while (until < module.imports().size() && module.imports().get(until).at().start() < next) {
        until++;
      }
      Imports.write(page, names, module.imports().subList(imports, until), module.imports());
      imports = until;
      int border =
          imports < module.imports().size()
              ? module.imports().get(imports).at().start()
              : Integer.MAX_VALUE;
      int first = rules;
      while (rules < module.rules().size() && module.rules().get(rules).at().start() < border) {
        rules++;
      }
      rules(module.rules().subList(first, rules));
    }
    page.rest();
    return page.finish();
  }

  // Rules.

  private void rules(List<Rule> rules) {
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      page.reach(rule.at().row());
      Page.Mark mark = page.mark();
      try {
        rule(rule);
      } catch (Crowded e) {
        page.copy(mark, rule.at(), true);
      }
      boolean together =
          i + 1 < rules.size()
              && isOneLiner(rule)
              && isOneLiner(rules.get(i + 1))
              && rules.get(i + 1).at().row() == rule.at().row() + 1;
      if (!together) {
        page.blankLine();
      }
    }
  }

  private static boolean isOneLiner(Rule rule) {
    Body body = ownBody(rule.body());
    return !rule.isDefault()
        && rule.elses().isEmpty()
        && (body == null || (body.exprs().size() == 1 && !isSet(body.exprs().getFirst())));
  }

  /// The body itself, where its braces were read as those of an operand of `and` or `or`.
  private static @Nullable Body ownBody(@Nullable Body body) {
    return body != null
            && body.exprs().size() == 1
            && body.exprs().getFirst() instanceof Expr.Group group
            && group.withs().isEmpty()
            && group.at().text().startsWith("{")
        ? ownBody(group.body())
        : body;
  }

  private static boolean isSet(Expr expr) {
    return expr instanceof Expr.Plain p && !p.negated() && p.term() instanceof Term.SetTerm;
  }

  private void rule(Rule rule) {
    page.startLine();
    page.write(rule.isDefault() ? "default " : "");
    boolean constant = rule.isDefault() || isConstant(rule);
    terms.copiesLastComment(constant);
    head(rule, constant);
    if (constant) {
      page.endLine();
      return;
    }
    body(rule.head().at().endRow(), rule.body(), false);
    for (int i = 0; i < rule.elses().size(); i++) {
      otherwise(rule, rule.elses().get(i), i + 1 == rule.elses().size());
    }
  }

  /// Whether there is nothing to say but a value: no body, or one that says `true`.
  private static boolean isConstant(Rule rule) {
    return rule.elses().isEmpty() && saysNothing(rule.body());
  }

  private static boolean saysNothing(@Nullable Body body) {
    return body == null
        || (body.exprs().size() == 1
            && body.exprs().getFirst() instanceof Expr.Plain p
            && !p.negated()
            && p.withs().isEmpty()
            && isTrue(p.term()));
  }

  private static boolean isTrue(@Nullable Term term) {
    return term instanceof Scalar s && s.value() == RegoBoolean.TRUE;
  }

  private void head(Rule rule, boolean constant) {
    Head head = rule.head();
    if (dotted || head.path().isEmpty() || head.member() != null) {
      terms.ref(head.name(), head.path());
    } else {
      page.reach(head.at().row());
      page.write(head.name().name());
      key(head.path().getFirst());
    }
    List<Term> args = head.args();
    if (args != null && !args.isEmpty()) {
      page.write("(");
      terms.items(args, head.at(), closingOf(head, args), false);
      page.write(")");
    } else if (args != null) {
      page.write("()");
    }
    Term member = head.member();
    if (member != null) {
      page.write(" contains ");
      terms.write(member);
      return;
    }
    Term value = head.value();
    // As with `opa fmt`: `true` is left out, except where one variable is the key.
    boolean keyed = head.path().size() == 1 && head.path().getFirst() instanceof Term.Var;
    if (value != null && (keyed || constant || !isTrue(value))) {
      page.write(" := ");
      terms.write(value);
    } else if (value == null && constant) {
      page.write(" := true");
    }
  }

  /// The second of two names is always written in brackets.
  private void key(Term key) {
    page.write("[");
    if (key instanceof Scalar s && s.value() instanceof RegoString name) {
      page.write(Names.quote(name.value()));
    } else {
      terms.write(key);
    }
    page.write("]");
  }

  private static int closingOf(Head head, List<Term> args) {
    Span at = head.at();
    int end = at.source().text().indexOf(')', args.getLast().at().end());
    return end < 0 ? at.endRow() : new Span(at.source(), end, end).row();
  }

  /// @param headEnd the line on which what stands before the body ends
  private void body(int headEnd, @Nullable Body written, boolean isElse) {
    Body body = ownBody(written);
    if (body == null) {
      page.endLine();
      return;
    }
    terms.copiesLastComment(true);
    Expr first = body.exprs().getFirst();
    page.write(" if");
    if (body.exprs().size() == 1 && first.at().row() == headEnd && !isSet(first)) {
      page.write(" ");
      exprs.writeOrCopy(first);
      page.endLine();
      return;
    }
    page.write(" {");
    page.endLine();
    if (!isElse) {
      exprs.afterBrace(first);
    }
    page.indent();
    exprs.body(body);
    page.reach(Exprs.closing(body));
    page.outdent();
    page.startLine();
    page.write("}");
  }

  /// `else` goes on after the brace where it did so, or begins a line of its own.
  private void otherwise(Rule rule, Rule.Else other, boolean last) {
    int row = other.at().row();
    boolean goesOn = row > rule.at().row() && !other.at().line().stripLeading().startsWith("else");
    boolean commented = page.hasCommentBefore(row);
    if (!commented && goesOn) {
      page.write(" ");
    } else {
      page.blankLine();
      page.startLine();
    }
    page.reach(row);
    if (commented && !goesOn) {
      page.startLine();
    }
    page.startLineIfNeeded();
    page.write("else");
    Term value = other.value();
    boolean constant = last && saysNothing(other.body());
    terms.copiesLastComment(constant);
    if (value != null && (constant || !isTrue(value))) {
      page.write(" := ");
      terms.write(value);
    } else if (value == null && constant) {
      page.write(" := true");
    }
    if (constant) {
      page.endLine();
      return;
    }
    body(headEnd(other), other.body(), true);
  }

  private static int headEnd(Rule.Else other) {
    Term value = other.value();
    return value == null ? other.at().row() : value.at().endRow();
  }
}
