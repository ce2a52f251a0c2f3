package io.outrider.policy.conformance;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.builtin.SuiteBuiltins;
import io.outrider.policy.compile.Compiler;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.Query;
import io.outrider.policy.eval.Engine;
import io.outrider.policy.eval.EvalException;
import io.outrider.policy.eval.EvalOptions;
import io.outrider.policy.eval.Session;
import io.outrider.policy.reference.Comparison;
import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Runs one case by the rules of OPA's own test.
final class OpaCaseRunner {
  private static final Builtins BUILTINS = SuiteBuiltins.all();

  private OpaCaseRunner() {}

  /// Null if the case passes, otherwise what is wrong.
  static @Nullable String run(OpaCase c) {
    List<Diagnostic> problems = new ArrayList<>();
    List<Module> modules = new ArrayList<>();
    for (int i = 0; i < c.modules().size(); i++) {
      Module module =
          Parser.parseModule(new Source("test-" + i + ".rego", c.modules().get(i)), problems::add);
      if (module != null) {
        modules.add(module);
      }
    }
    Body body = Parser.parseQuery(new Source("", c.query()), Set.of(), problems::add);
    if (!problems.isEmpty() || body == null) {
      return "parse: " + problems;
    }
    Compiler compiler = new Compiler(BUILTINS, false, false);
    Program program = compiler.compile(modules);
    if (!compiler.problems().isEmpty()) {
      return compiled(c, compiler.problems());
    }
    Query query = compiler.query(program, body);
    if (!compiler.problems().isEmpty()) {
      return compiled(c, compiler.problems());
    }
    Engine engine = new Engine(program, c.data(), false);
    RegoValue input = input(c);
    try {
      Session session = engine.session(input, options(c.strictError()));
      String problem = compare(c, session.query(query));
      if (problem != null) {
        return problem;
      }
    } catch (EvalException e) {
      String problem = error(c, e);
      if (problem != null) {
        return problem;
      }
    }
    Comparison comparison = new Comparison(program, c.data());
    String strict = comparison.difference(query, input, true);
    return strict != null ? strict : comparison.difference(query, input, false);
  }

  private static EvalOptions options(boolean strict) {
    return new EvalOptions(
        50_000_000,
        2_000,
        60_000_000_000L,
        strict,
        null,
        false,
        false,
        InstantSource.system(),
        new Random(1));
  }

  private static @Nullable String compiled(OpaCase c, List<Diagnostic> problems) {
    String wanted = c.wantError();
    if (wanted != null && problems.toString().contains(wanted)) {
      return null;
    }
    return "compile: " + problems;
  }

  private static @Nullable RegoValue input(OpaCase c) {
    String term = c.inputTerm();
    if (term == null) {
      return c.input();
    }
    Compiler compiler = new Compiler(BUILTINS, false, false);
    Program program = compiler.compile(List.of());
    Body body =
        Parser.parseQuery(
            new Source("", "x = " + term),
            Set.of(),
            p -> {
              throw new IllegalArgumentException(p.toString());
            });
    if (body == null) {
      throw new IllegalArgumentException(term);
    }
    Query query = compiler.query(program, body);
    return new Engine(program, RegoObject.EMPTY, false)
        .session(null, options(true))
        .query(query)
        .getFirst()
        .get("x");
  }

  private static @Nullable String error(OpaCase c, EvalException e) {
    String code = c.wantErrorCode();
    String text = c.wantError();
    String shown = (e.at() == null ? "" : e.at() + ": ") + e.code() + ": " + e.text();
    if (code == null && text == null) {
      return "error: " + shown;
    }
    if (code != null && !code.equals(e.code())) {
      return "error code: " + shown + " (expected: " + code + ")";
    }
    if (text != null && !shown.contains(text)) {
      return "error text: " + shown + " (expected: " + text + ")";
    }
    return null;
  }

  private static @Nullable String compare(OpaCase c, List<Map<String, RegoValue>> solutions) {
    if (c.wantErrorCode() != null || c.wantError() != null) {
      if (c.wantResult() == null) {
        return "result: "
            + solutions
            + " (expected: "
            + c.wantErrorCode()
            + " "
            + c.wantError()
            + ")";
      }
    }
    Set<RegoValue> got = new HashSet<>();
    for (Map<String, RegoValue> solution : solutions) {
      RegoObject.Builder bindings = RegoObject.builder();
      solution.forEach((name, value) -> bindings.put(name, sorted(c, json(value))));
      got.add(bindings.build());
    }
    RegoArray result = c.wantResult();
    if (result == null) {
      return null;
    }
    Set<RegoValue> want = new HashSet<>();
    for (RegoValue binding : result) {
      RegoObject.Builder bindings = RegoObject.builder();
      for (RegoObject.Entry entry : (RegoObject) binding) {
        bindings.put(entry.key(), sorted(c, entry.value()));
      }
      want.add(bindings.build());
    }
    return got.equals(want) ? null : "result: " + got + " (expected: " + want + ")";
  }

  private static RegoValue sorted(OpaCase c, RegoValue value) {
    if (!c.sortBindings() || !(value instanceof RegoArray array)) {
      return value;
    }
    List<RegoValue> items = new ArrayList<>();
    array.forEach(items::add);
    items.sort(null);
    return RegoArray.of(items);
  }

  private static RegoValue json(RegoValue value) {
    return switch (value) {
      case RegoSet set -> json(set.toArray());
      case RegoArray array -> {
        List<RegoValue> items = new ArrayList<>();
        array.forEach(item -> items.add(json(item)));
        yield RegoArray.of(items);
      }
      case RegoObject object -> {
        RegoObject.Builder out = RegoObject.builder(object.size());
        for (RegoObject.Entry entry : object) {
          RegoValue key =
              entry.key() instanceof RegoString s
                  ? s
                  : RegoString.of(RegoJson.write(json(entry.key())));
          out.put(key, json(entry.value()));
        }
        yield out.build();
      }
      default -> value;
    };
  }
}
