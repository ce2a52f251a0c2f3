package io.outrider.policy.generated;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.builtin.SuiteBuiltins;
import io.outrider.policy.compile.Compiler;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.Query;
import io.outrider.policy.eval.Engine;
import io.outrider.policy.eval.EvalException;
import io.outrider.policy.eval.EvalOptions;
import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Questions about the odd corners of the language and its built-ins, each with what OPA 1.22
/// answered (`probes.jsonl`, recorded with `src/test/go/opa-oracle`): the solutions, or `!` and the
/// code of the error. A line with `deviates` is answered otherwise on purpose.
class ProbesTest {
  private static final Builtins BUILTINS = SuiteBuiltins.all();
  private static final EvalOptions STRICT = options(true);
  private static final EvalOptions LENIENT = options(false);

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

  @Test
  void everyProbeIsAnsweredAsOpaAnswersIt() throws IOException {
    List<String> wrong = new ArrayList<>();
    int count = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(ProbesTest.class.getResourceAsStream("probes.jsonl")),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        RegoObject probe = (RegoObject) RegoJson.read(line);
        String ours = answer(probe);
        boolean same = ours.equals(text(probe.get("opa")));
        if (same == (probe.get("deviates") != null)) {
          wrong.add(line + "\nours: " + ours);
        }
        count++;
      }
    }
    System.out.printf("ProbesTest: %d questions%n", count);
    assertThat(wrong).as("answered otherwise, or deviations that are none").isEmpty();
    assertThat(count).isGreaterThan(700);
  }

  private static String answer(RegoObject probe) {
    List<Diagnostic> problems = new ArrayList<>();
    List<Module> modules = new ArrayList<>();
    if (probe.get("module") instanceof RegoString text) {
      Module module = Parser.parseModule(new Source("policy.rego", text.value()), problems::add);
      if (module != null) {
        modules.add(module);
      }
    }
    Body body =
        Parser.parseQuery(new Source("", text(probe.get("query"))), Set.of(), problems::add);
    if (body == null || !problems.isEmpty()) {
      return "!" + problems.getFirst().code();
    }
    Compiler compiler = new Compiler(BUILTINS, false, false);
    Program program = compiler.compile(modules);
    Query query = compiler.problems().isEmpty() ? compiler.query(program, body) : null;
    if (query == null || !compiler.problems().isEmpty()) {
      return "!" + compiler.problems().getFirst().code();
    }
    RegoObject data = probe.get("data") instanceof RegoObject o ? o : RegoObject.EMPTY;
    boolean strict = !RegoBoolean.FALSE.equals(probe.get("strict"));
    try {
      return Answer.of(
              new Engine(program, data, false)
                  .session(probe.get("input"), strict ? STRICT : LENIENT)
                  .query(query))
          .line();
    } catch (EvalException e) {
      return "!" + e.code();
    }
  }

  private static String text(@org.jspecify.annotations.Nullable RegoValue value) {
    return ((RegoString) Objects.requireNonNull(value)).value();
  }
}
