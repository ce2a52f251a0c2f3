package io.outrider.policy.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.compile.Compiler;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final EvalOptions OPTIONS =
      new EvalOptions(
          1_000_000,
          512,
          60_000_000_000L,
          true,
          null,
          false,
          false,
          InstantSource.fixed(Instant.EPOCH),
          new Random(1));

  private final List<Origin> origins = new ArrayList<>();
  private long steps;

  private @Nullable RegoValue ask(String rule, String module, String input) {
    Module parsed =
        Parser.parseModule(
            new Source("p.rego", module),
            problem -> {
              throw new AssertionError(problem.toString());
            });
    Program program =
        new Compiler(Builtins.standard(), false, false)
            .compile(List.of(Objects.requireNonNull(parsed)));
    RuleSet set =
        program.ruleSets().stream().filter(s -> s.name().equals(rule)).findFirst().orElseThrow();
    Session session =
        new Engine(program, RegoObject.EMPTY, false).session(RegoJson.read(input), OPTIONS);
    RegoValue value = session.document(set, origins);
    steps = session.steps();
    return value;
  }

  @Test
  void documentsWithoutInputAreWorkedOutWhenTheProgramIsLoaded() {
    String module =
        """
        package a
        squares := {y | some x in numbers.range(1, 5000); y := x * x}
        by_name[name] := count(squares) if some name in ["a", "b"]
        p if input.x in squares
        q if by_name[input.y] == 5000
        """;
    assertThat(ask("data.a.p", module, "{\"x\": 49}")).isEqualTo(RegoBoolean.TRUE);
    assertThat(steps).isLessThan(50);
    assertThat(ask("data.a.q", module, "{\"y\": \"b\"}")).isEqualTo(RegoBoolean.TRUE);
    assertThat(steps).isLessThan(50);
    assertThat(ask("data.a.q", module, "{\"y\": \"c\"}")).isNull();
  }

  @Test
  void replacedDataReplacesWhatWasWorkedOut() {
    String module =
        """
        package a
        base := 1
        double := base * 2
        p := y if y := double with data.a.base as input.x
        """;
    assertThat(ask("data.a.p", module, "{\"x\": 21}")).isEqualTo(RegoJson.read("42"));
  }

  @Test
  void errorOfADocumentWithoutInputIsOnlyMetByWhoAsks() {
    String module =
        """
        package a
        broken := 1 / 0
        p if input.x
        q if broken == input.x
        """;
    assertThat(ask("data.a.p", module, "{\"x\": true}")).isEqualTo(RegoBoolean.TRUE);
    assertThatThrownBy(() -> ask("data.a.q", module, "{\"x\": true}"))
        .isInstanceOfSatisfying(
            EvalException.class, e -> assertThat(e.code()).isEqualTo("eval_builtin_error"));
  }

  @Test
  void documentThatSharesItsPartsAThousandTimesIsNotGivenOut() {
    StringBuilder module = new StringBuilder("package a\np0 := [input.x, input.x]\n");
    for (int i = 1; i < 40; i++) {
      module.append("p%d := [p%d, p%d]\n".formatted(i, i - 1, i - 1));
    }
    assertThatThrownBy(() -> ask("data.a.p39", module.toString(), "{\"x\": 1}"))
        .isInstanceOfSatisfying(
            EvalException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(EvalException.Kind.TOO_BIG);
              assertThat(e.code()).isEqualTo("eval_output_limit_error");
            });
  }

  @Test
  void bodyIsNotEnteredWhereItsPlacesCannotHold() {
    String module =
        """
        package a
        p := 1 if {
          to_number(input.text) == 1
          input.kind == "a"
        }
        p := 2 if input.kind == "b"
        """;
    assertThat(ask("data.a.p", module, "{\"text\": \"no\", \"kind\": \"b\"}"))
        .isEqualTo(RegoJson.read("2"));
    assertThatThrownBy(() -> ask("data.a.p", module, "{\"text\": \"no\", \"kind\": \"a\"}"))
        .isInstanceOf(EvalException.class);
  }

  @Test
  void conditionThatWouldFailItselfIsLeftToTheBody() {
    String module =
        """
        package a
        p if startswith(input.name, "x")
        """;
    assertThatThrownBy(() -> ask("data.a.p", module, "{\"name\": 1}"))
        .isInstanceOfSatisfying(
            EvalException.class, e -> assertThat(e.code()).isEqualTo("eval_type_error"));
    assertThat(ask("data.a.p", module, "{\"name\": \"y\"}")).isNull();
  }
}
