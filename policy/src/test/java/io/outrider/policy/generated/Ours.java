package io.outrider.policy.generated;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.compile.Compiler;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.Query;
import io.outrider.policy.eval.Engine;
import io.outrider.policy.eval.EvalException;
import io.outrider.policy.eval.EvalOptions;
import io.outrider.policy.reference.Comparison;
import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One program of ours, compiled, ready for questions.
final class Ours {
  private final List<Diagnostic> problems = new ArrayList<>();
  private final @Nullable Program program;
  private final @Nullable Engine engine;
  private final @Nullable Comparison comparison;

  Ours(List<String> modules, String data) {
    List<Module> parsed = new ArrayList<>();
    for (int i = 0; i < modules.size(); i++) {
      Module module =
          Parser.parseModule(new Source("m" + i + ".rego", modules.get(i)), problems::add);
      if (module != null) {
        parsed.add(module);
      }
    }
    Compiler compiler = new Compiler(Builtins.standard(), false, false);
    Program compiled = problems.isEmpty() ? compiler.compile(parsed) : null;
    problems.addAll(compiler.problems());
    if (compiled == null || !problems.isEmpty()) {
      program = null;
      engine = null;
      comparison = null;
      return;
    }
    RegoObject root = read(data);
    program = compiled;
    engine = new Engine(compiled, root, false);
    comparison = new Comparison(compiled, root);
  }

  private static RegoObject read(String data) {
    try {
      return (RegoObject) RegoJson.read(data);
    } catch (RegoJsonException e) {
      throw new IllegalArgumentException(data, e);
    }
  }

  Answer ask(Case.Question question) {
    Engine known = engine;
    Program compiled = program;
    if (known == null || compiled == null) {
      return new Answer.Failed("compile", problems.getFirst().code(), problems.toString());
    }
    List<Diagnostic> wrong = new ArrayList<>();
    Query query = query(compiled, question.query(), wrong);
    if (query == null) {
      return new Answer.Failed("compile", wrong.getFirst().code(), wrong.toString());
    }
    try {
      return Answer.of(
          known.session(input(question.input()), options(question.strict())).query(query));
    } catch (EvalException e) {
      return new Answer.Failed("eval", e.code(), (e.at() == null ? "" : e.at() + ": ") + e.text());
    }
  }

  /// Null if the reference evaluator says the same.
  @Nullable String differenceFromReference(Case.Question question) {
    Comparison known = comparison;
    Program compiled = program;
    if (known == null || compiled == null) {
      return null;
    }
    Query query = query(compiled, question.query(), new ArrayList<>());
    return query == null
        ? null
        : known.difference(query, input(question.input()), question.strict());
  }

  private static @Nullable Query query(Program program, String text, List<Diagnostic> problems) {
    Body body = Parser.parseQuery(new Source("", text), Set.of(), problems::add);
    if (body == null || !problems.isEmpty()) {
      return null;
    }
    Compiler compiler = new Compiler(Builtins.standard(), false, false);
    Query query = compiler.query(program, body);
    problems.addAll(compiler.problems());
    return problems.isEmpty() ? query : null;
  }

  /// The value of a ground term; null for no text.
  static @Nullable RegoValue input(String term) {
    if (term.isEmpty()) {
      return null;
    }
    Program empty = new Compiler(Builtins.standard(), false, false).compile(List.of());
    List<Diagnostic> problems = new ArrayList<>();
    Query query = query(empty, "x = " + term, problems);
    if (query == null) {
      throw new IllegalArgumentException(term + ": " + problems);
    }
    return new Engine(empty, RegoObject.EMPTY, false)
        .session(null, options(true))
        .query(query)
        .getFirst()
        .get("x");
  }

  private static EvalOptions options(boolean strict) {
    return new EvalOptions(
        5_000_000,
        2_000,
        60_000_000_000L,
        strict,
        null,
        false,
        false,
        InstantSource.system(),
        new Random(1));
  }
}
