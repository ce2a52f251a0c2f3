package io.outrider.policy;

import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Expr;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The cases of tests such as `test_allowed[user] if { some user in users; ... }`.
///
/// The value of such a rule holds the cases that passed; one that did not is merely absent from it.
/// So that absence can be seen, [#added] writes a rule beside each test that lists all its cases:
/// those the expressions give that bind the keys.
public final class TestCases {
  private static final String PREFIX = "outrider_cases_of_";

  private TestCases() {}

  /// The policies with a rule of cases beside each test that has cases. Places in the files stay as
  /// they are.
  public static LoadedPolicies added(LoadedPolicies policies) {
    List<PolicySource> modules = new ArrayList<>();
    for (PolicySource source : policies.modules()) {
      Module module = Parser.parseModule(new Source(source.name(), source.text()), problem -> {});
      String rules =
          module == null
              ? ""
              : module.rules().stream().map(TestCases::ruleOf).collect(Collectors.joining());
      modules.add(
          rules.isEmpty() ? source : new PolicySource(source.name(), source.text() + "\n" + rules));
    }
    return LoadedPolicies.of(modules, policies.data());
  }

  /// The name of the rule that lists the cases of a test.
  public static String ruleFor(String test) {
    return PREFIX + test;
  }

  private static String ruleOf(Rule rule) {
    Rule.Head head = rule.head();
    Body body = rule.body();
    String name = head.name().name();
    if (!name.startsWith("test_")
        || head.path().isEmpty()
        || body == null
        || head.args() != null
        || head.member() != null) {
      return "";
    }
    List<String> keys = new ArrayList<>();
    int bound = 0;
    for (Term key : head.path()) {
      keys.add(key.at().text());
      if (key instanceof Term.Var variable) {
        bound = Math.max(bound, boundAfter(variable.name(), body));
      } else if (!(key instanceof Term.Scalar)) {
        // A key that is computed is nothing OPA knows as a case either.
        return "";
      }
    }
    String binding =
        body.exprs().subList(0, bound).stream()
            .map(expr -> "\t" + expr.at().text() + "\n")
            .collect(Collectors.joining());
    return "%s contains [%s] if {\n%s\ttrue\n}\n"
        .formatted(ruleFor(name), String.join(", ", keys), binding);
  }

  /// How many expressions it takes until the variable is mentioned other than by a bare
  /// declaration.
  private static int boundAfter(String variable, Body body) {
    Pattern mention = Pattern.compile("(?<![A-Za-z0-9_.])" + variable + "(?![A-Za-z0-9_])");
    for (int i = 0; i < body.exprs().size(); i++) {
      Expr expr = body.exprs().get(i);
      if (!(expr instanceof Expr.SomeDecl) && mention.matcher(expr.at().text()).find()) {
        return i + 1;
      }
    }
    return body.exprs().size();
  }

  /// The cases that did not pass, as Rego text; empty when all did.
  ///
  /// @param cases the value of the rule named by [#ruleFor], or null where there is none
  /// @param value the value of the test
  public static List<String> failed(@Nullable RegoValue cases, RegoValue value) {
    List<String> failed = new ArrayList<>();
    if (cases instanceof RegoSet set) {
      for (RegoValue keys : set) {
        if (keys instanceof RegoArray path && !passed(path, value)) {
          failed.add(path.size() == 1 ? path.get(0).toString() : path.toString());
        }
      }
    }
    return failed;
  }

  private static boolean passed(RegoArray path, RegoValue value) {
    RegoValue at = value;
    for (RegoValue key : path) {
      RegoValue next = at instanceof RegoObject object ? object.get(key) : null;
      if (next == null) {
        return false;
      }
      at = next;
    }
    return at != RegoBoolean.FALSE;
  }
}
