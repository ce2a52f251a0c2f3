package io.outrider.policy;

import io.outrider.policy.compile.IrTerm;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The rules of one package that the policy contract names; null where the package has none.
record Entry(
    String packageName,
    @Nullable RuleSet allow,
    @Nullable RuleSet deny,
    @Nullable RuleSet warn,
    @Nullable RuleSet obligations,
    @Nullable RuleSet labels,
    @Nullable RuleSet visible) {

  static Entry of(Program program, String packageName) {
    return new Entry(
        packageName,
        find(program, packageName, "allow"),
        find(program, packageName, "deny"),
        find(program, packageName, "warn"),
        find(program, packageName, "obligations"),
        find(program, packageName, "labels"),
        find(program, packageName, "visible"));
  }

  private static @Nullable RuleSet find(Program program, String packageName, String rule) {
    List<RegoValue> path = new ArrayList<>();
    for (String name : packageName.split("\\.")) {
      path.add(RegoString.of(name));
    }
    path.add(RegoString.of(rule));
    RuleSet set = program.find(path);
    return set != null && set.kind() == RuleSet.Kind.FUNCTION ? null : set;
  }

  /// What decides about a request.
  Stream<RuleDef> askedOfRequests() {
    return Stream.concat(
        askedOfResponses(),
        Stream.ofNullable(allow)
            .flatMap(set -> Stream.concat(set.defs().stream(), Stream.ofNullable(set.fallback()))));
  }

  /// What decides about a response; `allow` and `visible` do not.
  Stream<RuleDef> askedOfResponses() {
    return Stream.of(deny, warn, obligations, labels)
        .flatMap(Stream::ofNullable)
        .flatMap(set -> Stream.concat(set.defs().stream(), Stream.ofNullable(set.fallback())));
  }

  /// Whether `visible` can say true and nothing else, so that its silence means false.
  boolean visibleOnlySaysTrue() {
    RuleSet set = visible;
    if (set == null || set.fallback() != null) {
      return false;
    }
    for (RuleDef def : set.defs()) {
      for (RuleDef.Branch branch : def.branches()) {
        if (!(branch.value() instanceof IrTerm.Const c && c.value() == RegoBoolean.TRUE)) {
          return false;
        }
      }
    }
    return true;
  }
}
