package io.outrider.policy.fmt;

import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Module.Import;
import io.outrider.policy.syntax.RegoVersion;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.value.RegoBoolean;
import java.util.List;
import java.util.Set;

/// Which Rego a module is read in, and which it is laid out for.
public enum Dialect {
  /// Rego 1.0 from Rego 1.0.
  V1,
  /// The same without the imports that Rego 1.0 has no need of.
  V1_WITHOUT_IMPORTS,
  /// What both versions read alike, from either: with `import rego.v1`.
  BOTH;

  private static final Set<String> PLAIN = Set.of("in", "every", "contains", "if");

  RegoVersion version() {
    return this == BOTH ? RegoVersion.V0 : RegoVersion.V1;
  }

  /// The module as it is to be laid out.
  Module of(Module module) {
    if (this == V1) {
      return module;
    }
    return new Module(
        module.source(),
        module.version(),
        module.packagePath(),
        module.packageAt(),
        module.imports().stream().filter(each -> !isOld(each)).toList(),
        this == BOTH ? module.rules().stream().map(Dialect::plain).toList() : module.rules(),
        module.packageAnnotations(),
        module.annotations(),
        module.comments());
  }

  /// What `import rego.v1` or Rego 1.0 makes needless. What turns on a keyword that Rego 1.0 does
  /// not have is kept: without it the module would mean something else.
  private boolean isOld(Import each) {
    List<String> path = each.path();
    boolean keywords = path.getFirst().equals("future");
    return path.equals(List.of("rego", "v1"))
        || (keywords && path.size() == 3 && PLAIN.contains(path.getLast()))
        || (keywords && path.size() == 2 && this == BOTH);
  }

  /// `p { true }` and `p = 1 { true }` are rules without a body.
  private static Rule plain(Rule rule) {
    Body body = rule.body();
    if (rule.isDefault()
        || !rule.elses().isEmpty()
        || rule.head().member() != null
        || body == null
        || !isTrue(body)) {
      return rule;
    }
    Rule.Head head = rule.head();
    // Constants are written as they stand in the text.
    Term value =
        head.value() == null
            ? new Term.Scalar(RegoBoolean.TRUE, body.exprs().getFirst().at())
            : head.value();
    return new Rule(
        new Rule.Head(head.name(), head.path(), head.args(), null, value, head.assign(), head.at()),
        null,
        List.of(),
        false,
        rule.annotations(),
        rule.at());
  }

  private static boolean isTrue(Body body) {
    return body.exprs().size() == 1
        && body.exprs().getFirst() instanceof Expr.Plain p
        && !p.negated()
        && p.withs().isEmpty()
        && p.term() instanceof Term.Scalar s
        && s.value().equals(RegoBoolean.TRUE);
  }
}
