package io.outrider.policy.fmt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The answers in the resource folder are those of `opa fmt` 1.22.0 (`record.sh` there makes them).
class FormatterTest {
  private static final Path ROOT = Path.of(System.getProperty("outrider.root", ".."));
  private static final Path CASES =
      ROOT.resolve("policy/src/test/resources/io/outrider/policy/fmt");

  /// Variants of each module that are laid out with comments and breaks in random places.
  private static final int VARIANTS = Integer.getInteger("outrider.fmt.variants", 3);

  private static String format(String text) {
    List<Diagnostic> problems = new ArrayList<>();
    String formatted = Formatter.format(new Source("x.rego", text), problems::add);
    assertThat(problems).isEmpty();
    return Objects.requireNonNull(formatted);
  }

  @TestFactory
  Stream<DynamicTest> laysOutAsOpaDoes() throws IOException {
    List<Path> cases;
    try (Stream<Path> files = Files.list(CASES)) {
      cases = files.filter(f -> f.toString().endsWith(".rego")).sorted().toList();
    }
    assertThat(cases).isNotEmpty();
    return cases.stream()
        .map(file ->
            dynamicTest(
                file.getFileName().toString(),
                () -> {
                  Path expected = Path.of(file.toString().replace(".rego", ".expected"));
                  assertThat(format(Files.readString(file))).isEqualTo(Files.readString(expected));
                }));
  }

  @Test
  void shippedPoliciesAreLaidOutAlready() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("policies"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".rego")).toList()) {
        assertThat(format(Files.readString(file))).as("%s", file).isEqualTo(Files.readString(file));
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> keepsMeaningAndCommentsAndIsStable() throws IOException {
    return corpus().map(text -> dynamicTest(firstLine(text), () -> check(text)));
  }

  /// Breaks lines and adds comments in every place a scanner allows it.
  @Test
  void keepsThemWhereverCommentsAndBreaksStand() throws IOException {
    Random random = new Random(20261128);
    int checked = 0;
    for (String text : corpus().toList()) {
      for (int i = 0; i < VARIANTS; i++) {
        String variant = disturbed(text, random);
        if (Shape.of(variant) != null) {
          check(variant);
          checked++;
        }
      }
    }
    System.out.println("formatter: " + checked + " disturbed modules laid out");
    assertThat(checked).isGreaterThan(50);
  }

  private static void check(String text) {
    String meaning = Shape.of(text);
    String formatted = format(text);
    assertThat(Shape.of(formatted))
        .as("meaning of%n%s%nas%n%s", text, formatted)
        .isEqualTo(meaning);
    assertThat(Shape.comments(formatted))
        .as("comments of%n%s%nas%n%s", text, formatted)
        .isEqualTo(Shape.comments(text));
    assertThat(format(formatted)).as("laid out twice:%n%s", text).isEqualTo(formatted);
  }

  private static final Pattern PLACE = Pattern.compile("(?<=[,({\\[;])[ \\t]*|[ \\t]*(?=\\n)");

  private static String disturbed(String text, Random random) {
    Matcher places = PLACE.matcher(text);
    StringBuilder out = new StringBuilder();
    int comment = 0;
    while (places.find()) {
      int choice = random.nextInt(30);
      String insert =
          switch (choice) {
            case 0 -> " # c" + comment++ + "\n";
            case 1 -> "\n";
            case 2 -> "\n\n  # own line " + comment++ + "\n";
            case 3 -> "\n\n\n";
            default -> places.group();
          };
      places.appendReplacement(out, Matcher.quoteReplacement(insert));
    }
    return places.appendTail(out).toString();
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("") + " (" + text.length() + ")";
  }

  /// Our own modules, and those in OPA's cases where they are there, that can be read.
  private static Stream<String> corpus() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path folder : List.of(ROOT.resolve("policies"), CASES)) {
      try (Stream<Path> files = Files.walk(folder)) {
        files
            .filter(f -> f.toString().endsWith(".rego"))
            .sorted()
            .map(FormatterTest::read)
            .forEach(texts::add);
      }
    }
    Path cases = ROOT.resolve("../shared/opa-cases");
    if (Files.isDirectory(cases)) {
      try (Stream<Path> files = Files.walk(cases)) {
        files
            .filter(f -> f.toString().endsWith(".yaml"))
            .sorted()
            .flatMap(f -> modules(read(f)))
            .forEach(texts::add);
      }
    }
    return texts.stream().filter(text -> Shape.of(text) != null);
  }

  /// The block texts under `- |` in a list of modules; enough YAML for OPA's case files.
  private static Stream<String> modules(String yaml) {
    List<String> modules = new ArrayList<>();
    @Nullable StringBuilder open = null;
    int indent = 0;
    for (String line : yaml.lines().toList()) {
      int depth = line.length() - line.stripLeading().length();
      if (open != null && (line.isBlank() || depth > indent)) {
        open.append(line.strip().isEmpty() ? "" : line.substring(Math.min(depth, indent + 2)));
        open.append('\n');
        continue;
      }
      if (open != null) {
        modules.add(open.toString());
        open = null;
      }
      if (line.strip().matches("- [|>]-?")) {
        open = new StringBuilder();
        indent = depth;
      }
    }
    if (open != null) {
      modules.add(open.toString());
    }
    return modules.stream().filter(m -> m.contains("package"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As `opa fmt --v0-v1` and `opa fmt --drop-v0-imports` lay these out.
  @Test
  void olderModulesAreWrittenAsBothVersionsReadThem() {
    String old =
        """
        package p

        import data.x

        q[x] { x := input.a[_] }

        r = 1 { true }

        s[k] = v { v := input[k] }

        t { q[1] } else = 2 { false }

        f(x) = y { y := x }

        default u = 1

        v { true } { false }
        """;
    String both =
        """
        package p

        import rego.v1

        import data.x

        q contains x if x := input.a[_]

        r := 1

        s[k] := v if v := input[k]

        t if q[1]

        else := 2 if false

        f(x) := y if y := x

        default u := 1

        v := true

        v if false
        """;
    assertThat(Formatter.format(new Source("t.rego", old), Dialect.BOTH, FormatterTest::fail))
        .isEqualTo(both);
    assertThat(Formatter.format(new Source("t.rego", both), Dialect.BOTH, FormatterTest::fail))
        .isEqualTo(both);
    assertThat(
            Formatter.format(
                new Source("t.rego", both), Dialect.V1_WITHOUT_IMPORTS, FormatterTest::fail))
        .isEqualTo(both.replace("import rego.v1\n\n", ""));
  }

  private static void fail(Diagnostic problem) {
    throw new AssertionError(problem.render());
  }
}
