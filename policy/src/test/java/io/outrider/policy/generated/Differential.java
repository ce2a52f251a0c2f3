package io.outrider.policy.generated;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Asks a real OPA and the engine the same questions, prints where they disagree, and records the
/// rest.
///
/// `Differential ORACLE FIRST_SEED PROGRAMS [FILE.jsonl.gz]`, from the test class path. Programs
/// that OPA refuses are left out: their diagnostics are compared elsewhere.
final class Differential {
  private final Map<String, Integer> counts = new TreeMap<>();
  private int disagreements;

  private Differential() {}

  public static void main(String[] args) throws IOException {
    run(
        args[0],
        Long.parseLong(args[1]),
        Integer.parseInt(args[2]),
        args.length > 3 ? Path.of(args[3]) : null);
  }

  /// The number of disagreements that are not of a known kind.
  static int run(String program, long first, int programs, @Nullable Path file) throws IOException {
    Differential run = new Differential();
    try (Oracle oracle = new Oracle(program);
        Writer out =
            file == null
                ? Writer.nullWriter()
                : new OutputStreamWriter(
                    new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)) {
      for (long seed = first; seed < first + programs; seed++) {
        RegoValue line = run.compare(new ModuleGenerator(seed).generate(), oracle);
        if (line != null) {
          out.write(RegoJson.write(line));
          out.write('\n');
        }
      }
    }
    System.out.println(run.counts + ", disagreements: " + run.disagreements);
    return run.disagreements;
  }

  private @Nullable RegoValue compare(Case program, Oracle oracle) throws IOException {
    Ours ours = new Ours(program.modules(), program.data());
    List<RegoValue> recorded = new ArrayList<>();
    for (Case.Question question : program.questions()) {
      Answer theirs = oracle.ask(program, question);
      if (theirs instanceof Answer.Failed f && f.at().equals("compile")) {
        count("refused by OPA: " + f.code());
        continue;
      }
      Answer own;
      String difference;
      try {
        own = ours.ask(question);
        difference = ours.differenceFromReference(question);
      } catch (RuntimeException | StackOverflowError e) {
        own = new Answer.Failed("thrown", "thrown", e.toString());
        difference = null;
      }
      if (!own.line().equals(theirs.line()) || difference != null) {
        String known = difference == null ? known(theirs, own) : null;
        if (known != null) {
          count("known difference: " + known);
        } else {
          disagreement(program, question, theirs, own, difference);
        }
        continue;
      }
      count(
          switch (theirs) {
            case Answer.Failed f -> f.code();
            case Answer.Solutions s -> s.all().isEmpty() ? "undefined" : "defined";
          });
      RegoObject.Builder entry = RegoObject.builder();
      entry.put("q", RegoString.of(question.query()));
      entry.put("i", RegoString.of(question.input()));
      entry.put("s", RegoBoolean.of(question.strict()));
      entry.put("a", RegoString.of(theirs.line()));
      recorded.add(entry.build());
    }
    if (recorded.isEmpty()) {
      return null;
    }
    RegoObject.Builder line = RegoObject.builder();
    line.put("m", RegoArray.of(program.modules().stream().<RegoValue>map(RegoString::of).toList()));
    line.put("d", RegoString.of(program.data()));
    line.put("c", RegoArray.of(recorded));
    return line.build();
  }

  private static final Pattern TEXT =
      Pattern.compile(
          ".*(startswith|endswith|glob\\.match|strings\\.any_\\w+): operand \\d must be .*");

  /// The differences that `differences.md` explains.
  private static @Nullable String known(Answer theirs, Answer own) {
    if (!(own instanceof Answer.Failed mine)) {
      return null;
    }
    if (mine.code().equals("eval_type_error") && TEXT.matcher(mine.message()).matches()) {
      return "text expected";
    }
    return mine.code().equals("eval_conflict_error")
            && theirs instanceof Answer.Failed f
            && !f.code().equals(mine.code())
        ? "conflict or error"
        : null;
  }

  private void disagreement(
      Case program, Case.Question question, Answer theirs, Answer own, @Nullable String other) {
    disagreements++;
    System.out.println("---- seed " + program.seed() + (question.strict() ? "" : " (lenient)"));
    program.modules().forEach(System.out::println);
    System.out.println("data:  " + program.data());
    System.out.println("input: " + question.input());
    System.out.println("query: " + question.query());
    System.out.println("OPA:   " + shown(theirs));
    System.out.println("ours:  " + shown(own));
    if (other != null) {
      System.out.println("reference: " + other);
    }
  }

  private static String shown(Answer answer) {
    return answer.line() + (answer instanceof Answer.Failed f ? " " + f.message() : "");
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }
}
