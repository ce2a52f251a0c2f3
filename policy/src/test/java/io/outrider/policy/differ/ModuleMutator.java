package io.outrider.policy.differ;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Damages a module in one or two places: tokens and lines are dropped, doubled, swapped or
/// replaced.
final class ModuleMutator {
  private static final Pattern TOKEN =
      Pattern.compile(
          "#[^\\n]*|\"(?:\\\\.|[^\"\\\\\\n])*+\"|`[^`]*`|[A-Za-z_][A-Za-z_0-9]*|[0-9]+(?:\\.[0-9]+)?"
              + "|:=|==|!=|<=|>=|\\n|[ \\t\\r]+|.");
  private static final List<String> WORDS =
      List.of(
          "if",
          "contains",
          "some",
          "every",
          "in",
          "not",
          "with",
          "as",
          "default",
          "else",
          "import",
          "package",
          "true",
          "null",
          "input",
          "data",
          "x",
          "y",
          "_",
          "foo",
          "set",
          "count",
          "print",
          "1",
          "\"a\"",
          "0",
          "{}",
          "[]",
          "set()",
          "undefined_fn(1)",
          "and",
          "or",
          "01",
          "1.",
          "\"\\q\"",
          "'a'",
          "$\"{x}\"",
          "input.foo",
          "data.p",
          "startswith(\"a\", 1)",
          "1 + \"a\"",
          "{1, 2}[0]",
          "x := 1",
          "{\"a\": 1}.b",
          "input := 1",
          "not x := 1");
  private static final List<String> MARKS =
      List.of(
          ":=", "=", "==", "!=", "<", ">", "+", "-", "*", "/", "%", "|", "&", "(", ")", "[", "]",
          "{", "}", ",", ";", ":", ".", "\n", "@", "!", "$", "\"", "`", "#", "\\");
  private static final List<String> LINES =
      List.of(
          "import data.foo",
          "import data.foo as input",
          "import input.x.y as bar",
          "import foo.bar",
          "import rego.v1",
          "import future.keywords.nope",
          "p := 1",
          "p := 2 if input.x",
          "p contains 1",
          "p(x) := x",
          "p(x, y) := x",
          "default p := input.x",
          "default p := 1",
          "default p(x) := 1",
          "x := 1",
          "some x in input.xs",
          "some x",
          "not y",
          "every x in [1] { x }",
          "x > 1",
          "p[x] := 1 if x := 2",
          "p { true }",
          "p[x] { x := 1 }",
          "q = 1 { true }",
          "# METADATA",
          "# METADATA\n# scope: nope",
          "# METADATA\n# title: [",
          "p.q.r := 1",
          "p if q",
          "q if p",
          "print(x)",
          "input.x with input as 1",
          "count(1)",
          "x := count([1], 2)",
          "lower(1) == 2",
          "{1 | true}",
          "else := 1",
          "else if true",
          "package foo",
          "test_x if true",
          "a.b.c contains 1 if true",
          "y := {k: v | some k, v in input.z}",
          "x = y",
          "[x, y] := [1]",
          "f(x) if x",
          "f(input)",
          "input if true",
          "data := 1",
          "time.now_ns() with time.now_ns as 1",
          "x := 1 with eq as 2",
          "1 with count as f",
          "all([true])",
          "re_match(\"a\", \"b\")");

  private final Random random;

  ModuleMutator(Random random) {
    this.random = random;
  }

  String mutate(String module) {
    String text = module;
    int changes = 1 + random.nextInt(2);
    for (int i = 0; i < changes; i++) {
      text = random.nextInt(4) == 0 ? line(text) : token(text);
    }
    return text;
  }

  private String line(String text) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    int at = random.nextInt(lines.size());
    switch (random.nextInt(4)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, lines.get(at));
      case 2 -> {
        int other = random.nextInt(lines.size());
        String kept = lines.get(at);
        lines.set(at, lines.get(other));
        lines.set(other, kept);
      }
      default -> lines.add(at, LINES.get(random.nextInt(LINES.size())));
    }
    return String.join("\n", lines);
  }

  private String token(String text) {
    List<String> tokens = new ArrayList<>();
    List<Integer> solid = new ArrayList<>();
    Matcher m = TOKEN.matcher(text);
    while (m.find()) {
      if (!m.group().isBlank()) {
        solid.add(tokens.size());
      }
      tokens.add(m.group());
    }
    if (solid.isEmpty()) {
      return text + "x";
    }
    int at = solid.get(random.nextInt(solid.size()));
    switch (random.nextInt(7)) {
      case 0 -> tokens.set(at, "");
      case 1 -> tokens.set(at, tokens.get(at) + " " + tokens.get(at));
      case 2 -> {
        int other = solid.get(random.nextInt(solid.size()));
        String kept = tokens.get(at);
        tokens.set(at, tokens.get(other));
        tokens.set(other, kept);
      }
      case 3 -> tokens.set(at, WORDS.get(random.nextInt(WORDS.size())));
      case 4 -> tokens.set(at, MARKS.get(random.nextInt(MARKS.size())));
      case 5 -> tokens.set(at, tokens.get(at) + " " + WORDS.get(random.nextInt(WORDS.size())));
      default -> tokens.set(at, MARKS.get(random.nextInt(MARKS.size())) + tokens.get(at));
    }
    return String.join("", tokens);
  }
}
