package io.outrider.audit.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.anchor.WitnessSigner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TlogPolicyTest {
  private final List<String> keys = new ArrayList<>();
  private final String log = SignerKey.generate("example.com/log").verifier().toString();

  @BeforeEach
  void keys() throws Exception {
    for (int i = 0; i < 6; i++) {
      keys.add(WitnessSigner.ed25519("w.example/" + i).key().toString());
    }
  }

  private static TlogPolicy parse(String text) throws FormatException {
    return TlogPolicy.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private String twoLevels() {
    return """
    # two operators
    log %s https://log.example/
    witness X1 %s https://w.example/x1
    witness X2 %s
    \twitness X3   %s
    group X-witnesses 2 X1 X2 X3

    witness Y1 %s
    witness Y2 %s
    group Y-witnesses any Y1 Y2
    group X-and-Y all X-witnesses Y-witnesses
    quorum X-and-Y
    """
        .formatted(log, keys.get(0), keys.get(1), keys.get(2), keys.get(3), keys.get(4));
  }

  @Test
  void aQuorumOfGroupsIsMetByEnoughOfEach() throws Exception {
    TlogPolicy policy = parse(twoLevels());

    assertThat(policy.logs()).singleElement().extracting(l -> l.key().toString()).isEqualTo(log);
    assertThat(policy.witnesses()).hasSize(5);
    assertThat(policy.witnesses().getFirst().url()).contains("https://w.example/x1");
    assertThat(policy.quorum().met(Set.of("X1", "X3", "Y2"))).isTrue();
    assertThat(policy.quorum().met(Set.of("X1", "Y1", "Y2"))).isFalse();
    assertThat(policy.quorum().met(Set.of("X1", "X2", "X3"))).isFalse();
    assertThat(policy.quorum().met(Set.of())).isFalse();
  }

  @Test
  void noneAsksForNothing() throws Exception {
    assertThat(parse("quorum none\n").quorum().met(Set.of())).isTrue();
    TlogPolicy one = parse("witness A " + keys.getFirst() + "\nquorum A");
    assertThat(one.quorum().met(Set.of("A"))).isTrue();
    assertThat(one.quorum().met(Set.of())).isFalse();
  }

  @Test
  void whatIsWrongIsNamedByItsLine() {
    refused("", "no quorum line");
    refused("quorum none\nquorum none\n", "line 2", "a second one");
    refused("quorum A\n", "line 1", "A: not defined");
    refused("wittness A\n", "\"wittness\" (expected: log, witness, group or quorum)");
    refused("witness A\n", "2 words (expected: witness <name> <vkey> [<url>])");
    refused("witness none " + keys.getFirst() + "\n", "none: a name that is taken");
    refused("witness A " + log + "\n", "type 1, the key of a log");
    refused("log " + keys.getFirst() + "\n", "verifier key");
    String a = "witness A " + keys.get(0) + "\n";
    refused(a + "witness B " + keys.get(0) + "\n", "line 2", "the same key again");
    refused(a + "witness A " + keys.get(1) + "\n", "line 2", "a name that is taken");
    refused(a + "group G 2 A\n", "\"2\" (expected: all, any or 1 to 1)");
    refused(a + "group G 01 A\n", "\"01\"");
    refused(a + "group G any A\ngroup H any A\n", "line 3", "already a member");
    refused(a + "group G any none\n", "none: not defined");
    refused(a + "quorum\r\n", "control character 13");
  }

  private static void refused(String text, String... because) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(FormatException.class)
        .hasMessageContainingAll(because);
  }
}
