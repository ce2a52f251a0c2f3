package io.outrider.policy.eval;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.compile.Compiler;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A module and, after a zero byte, an input: every document has a value, is undefined, or ends in
/// an [EvalException], within the limits.
public final class EvaluatorFuzz {
  /// The engine looks at its clock now and then, and a built-in may be under way; beyond this a
  /// limit was not kept.
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private EvaluatorFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String[] parts = new String(data, StandardCharsets.UTF_8).split("\0", 2);
    List<Diagnostic> problems = new ArrayList<>();
    Module module = Parser.parseModule(new Source("fuzz.rego", parts[0]), problems::add);
    if (module == null || !problems.isEmpty()) {
      return;
    }
    Compiler compiler = new Compiler(Builtins.standard(), true, false);
    Program program = compiler.compile(List.of(module));
    if (!compiler.problems().isEmpty()) {
      return;
    }
    RegoValue input;
    try {
      input = parts.length < 2 ? RegoObject.EMPTY : RegoJson.read(parts[1]);
    } catch (RegoJsonException e) {
      input = RegoObject.EMPTY;
    }
    Engine engine = new Engine(program, RegoObject.EMPTY, false);
    long start = System.nanoTime();
    for (RuleSet rules : program.ruleSets()) {
      try {
        engine.session(input, options()).document(rules, new ArrayList<>());
      } catch (EvalException expected) {
        if (expected.code().isEmpty()) {
          throw new AssertionError("an error without a code", expected);
        }
      }
    }
    if (System.nanoTime() - start > PATIENCE_NANOS) {
      throw new AssertionError("took " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
  }

  private static EvalOptions options() {
    return new EvalOptions(
        100_000,
        128,
        1_000_000_000,
        true,
        null,
        true,
        false,
        InstantSource.fixed(Instant.EPOCH),
        new Random(1));
  }
}
