package io.outrider.policy.builtin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What is declared is there, and what is there is declared, as OPA does it.
class CapabilitiesTest {
  /// Compiled away or given a meaning by the compiler, so there is nothing to call.
  private static final Set<String> OF_THE_COMPILER =
      Set.of("print", "assign", "rego.metadata.chain", "rego.metadata.rule");

  /// A built-in is found, or off for a reason.
  @Test
  void everyDeclaredFunctionIsKnown() {
    Builtins builtins = Builtins.standard();
    Set<String> missing = new TreeSet<>(Capabilities.signatures().keySet());
    missing.removeIf(name -> builtins.find(name) != null || builtins.refusal(name) != null);
    missing.removeAll(OF_THE_COMPILER);

    assertThat(missing).isEmpty();
  }

  @Test
  void signaturesReadAsOpaWritesThem() {
    assertThat(shown("plus")).isEqualTo("(x: number, y: number) => z: number");
    assertThat(shown("concat"))
        .isEqualTo(
            "(delimiter: string, collection: any<array[string], set[string]>) => output: string");
    assertThat(shown("walk")).isEqualTo("(x: any) => output: array<array[any], any>");
    assertThat(shown("json.marshal_with_options"))
        .isEqualTo(
            "(x: any, opts: object<indent: string, prefix: string, pretty: boolean>[string: any])"
                + " => y: string");
    assertThat(shown("print")).isEqualTo("(any...) => ???");
    assertThat(shown("time.now_ns")).isEqualTo("() => now: number");
  }

  private static String shown(String name) {
    return requireNonNull(Capabilities.signatures().get(name), name).toString();
  }

  @Test
  void declarationsAreThoseOfTheOpaThatIsHere() throws IOException, InterruptedException {
    Path opa = Path.of(System.getProperty("opa", System.getProperty("user.home") + "/go/bin/opa"));
    assumeTrue(Files.isExecutable(opa), "no opa here: " + opa + " (name it with -Dopa=FILE)");
    Process process = new ProcessBuilder(opa.toString(), "capabilities", "--current").start();
    byte[] printed = process.getInputStream().readAllBytes();
    assumeTrue(process.waitFor() == 0, "opa capabilities failed");

    assertThat(RegoJson.read(Capabilities.text())).isEqualTo(withoutProse(RegoJson.read(printed)));
  }

  private static RegoValue withoutProse(RegoValue value) {
    return switch (value) {
      case RegoObject object -> {
        RegoObject.Builder kept = RegoObject.builder();
        for (RegoObject.Entry entry : object) {
          if (!entry.key().equals(RegoString.of("description"))) {
            kept.put(entry.key(), withoutProse(entry.value()));
          }
        }
        yield kept.build();
      }
      case RegoArray array -> {
        RegoArray.Builder kept = RegoArray.builder();
        array.forEach(item -> kept.add(withoutProse(item)));
        yield kept.build();
      }
      default -> value;
    };
  }
}
