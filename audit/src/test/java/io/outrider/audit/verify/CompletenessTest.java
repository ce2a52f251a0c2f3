package io.outrider.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.format.FormatException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CompletenessTest {
  private final Problems problems = new Problems(true);
  private final Completeness story = new Completeness(problems, 100);
  private long next;

  private void tell(String fields) throws FormatException {
    LeafFacts facts = new LeafFacts(1, 7);
    String leaf = "{\"boot\":\"b\"," + fields.replace('\'', '"') + ",\"i\":" + next + ",\"v\":1}";
    facts.add(LeafScan.of(leaf.getBytes(StandardCharsets.UTF_8)));
    story.follow(facts, 0, next++);
  }

  private void start() throws FormatException {
    tell("'ev':'genesis','k':'event'");
    tell("'ev':'start','k':'event'");
  }

  /// A log of intents alone must not take the memory of who checks it.
  @Test
  void moreOpenCallsThanThereCanBeAreToldOnceAndNotKept() throws FormatException {
    start();
    for (int i = 0; i < 1_000; i++) {
      tell("'call':'c-" + i + "','k':'intent'");
    }
    assertThat(problems.list())
        .extracting(Problem::toString)
        .containsExactly(
            "incomplete at record 102: 100 calls have no outcome yet (expected: fewer at once);"
                + " what becomes of this one and of further ones is not followed");

    // Those that are kept are followed to their end; of the others nothing is said.
    for (int i = 0; i < 1_000; i++) {
      tell("'call':'c-" + i + "','k':'outcome','out':'completed'");
    }
    assertThat(problems.count()).isEqualTo(1);
    assertThat(story.end()).isEqualTo(new Verification.Pairs(1_000, 100, 0, 0, 0));
  }

  /// Kinds nobody knows are told, and counted as one.
  @Test
  void unknownKindsTakeNoRoomEither() throws FormatException {
    start();
    for (int i = 0; i < 50; i++) {
      tell("'k':'kind-" + i + "'");
    }
    assertThat(story.counts()).containsOnlyKeys("event", "other").containsEntry("other", 50L);
    assertThat(problems.list().getFirst().what()).isEqualTo("unknown kind \"kind-0\"");
  }

  @Test
  void idsLongerThanAnIdCanBeAreToldApart() throws FormatException {
    start();
    String id = "x".repeat(500);
    tell("'call':'" + id + "1','k':'intent'");
    tell("'call':'" + id + "2','k':'outcome','out':'completed'");
    tell("'call':'" + id + "1','k':'outcome','out':'completed'");
    assertThat(problems.count()).isEqualTo(1);
    assertThat(problems.list().getFirst().what()).contains("which is not open");
  }
}
