package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.app.SigningWitness;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditAnchorCommandTest {
  @TempDir private Path folder;
  private SigningWitness witness;

  @BeforeEach
  void aLogAWitnessAndAConfiguration() throws Exception {
    witness = new SigningWitness("w.example/one");
    AuditLog.open(AuditOptions.in(folder.resolve("var/audit"))).close();
    Files.writeString(
        folder.resolve("outrider.yaml"),
        """
        upstreams: { a: { url: "https://a.test/mcp", headers: { Authorization: "Bearer ${env:NOT_SET}" } } }
        audit:
          anchors:
            witnesses:
              one: { vkey: "%s", url: "%s" }
        """
            .formatted(witness.key(), witness.url()));
  }

  @AfterEach
  void stop() {
    witness.close();
  }

  @Test
  void aLogIsAnchoredAtAWordAndVerifySaysByWhom() throws Exception {
    assertThat(Ran.in(folder, "audit", "anchor", "status"))
        .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
        .satisfies(ran -> assertThat(ran.out()).contains("anchors  none", "(1 of 1): not met"));

    Ran now = Ran.in(folder, "audit", "anchor", "now");
    assertThat(now.status()).as(now.err()).isZero();
    assertThat(now.out()).contains("one ", "cosigned", "anchored: ");

    Ran status = Ran.in(folder, "audit", "anchor", "status");
    assertThat(status.status()).isZero();
    assertThat(status.out()).contains("witness w.example/one", "met");

    Files.writeString(folder.resolve("policy"), Ran.in(folder, "audit", "witness", "list").out());
    Ran verified =
        Ran.in(folder, "audit", "verify", "--policy", "policy", "--anchored-within", "1h");
    assertThat(verified.status()).as(verified.out()).isZero();
    assertThat(verified.out()).contains("witness w.example/one").doesNotContain("unchecked");
  }

  @Test
  void aWitnessIsTestedAndNothingIsKept() {
    Ran fine = Ran.in(folder, "audit", "witness", "test");
    assertThat(fine.status()).isZero();
    assertThat(folder.resolve("var/audit/anchors")).doesNotExist();

    witness.status(403);
    Ran refused = Ran.in(folder, "audit", "witness", "test");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).contains("answered 403: it does not take this log's key");
    assertThat(Ran.in(folder, "audit", "anchor", "now").status()).isEqualTo(1);
  }

  @Test
  void withoutWitnessesThereIsNothingToAsk() throws Exception {
    Files.delete(folder.resolve("outrider.yaml"));
    assertThat(Ran.in(folder, "audit", "anchor", "now").err()).contains("nobody to ask");
    assertThat(Ran.in(folder, "audit", "witness", "list").out()).isEqualTo("quorum none\n");
  }
}
