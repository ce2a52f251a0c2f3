package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Client;
import io.outrider.audit.record.Decision;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Principal;
import io.outrider.audit.record.Refusal;
import io.outrider.audit.record.Source;
import io.outrider.audit.record.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditCustodyCommandTest {
  private static final String SECRET = "what Ann typed on that day";

  @TempDir private Path folder;

  private AuditOptions options() {
    return AuditOptions.in(folder.resolve("var/audit")).withSegmentBytes(1 << 18);
  }

  private void aLogOf(int records) throws Exception {
    try (AuditLog log = AuditLog.open(options())) {
      append(log, records);
    }
  }

  private static void append(AuditLog log, int records) throws Exception {
    CompletableFuture<Receipt> last = new CompletableFuture<>();
    for (int i = 0; i < records; i++) {
      boolean isLast = i == records - 1;
      log.append(
          new Refusal(
              new CallFacts(
                  "call-" + i,
                  Instant.now(),
                  new Principal("ann", "user", "api_key"),
                  Client.UNKNOWN,
                  Source.of("http", "127.0.0.1"),
                  new Target("legacy", "2025-06-18", "files", "tools/call", "delete", null),
                  new Payload(30, "00".repeat(32), SECRET + " " + i + ".")),
              "refused.denied",
              List.of("no"),
              Decision.NONE),
          Runnable::run,
          new AppendListener() {
            @Override
            public void durable(Receipt receipt) {
              if (isLast) {
                last.complete(receipt);
              }
            }

            @Override
            public void failed(AuditUnavailable reason) {
              last.completeExceptionally(new IllegalStateException(reason.detail()));
            }
          });
    }
    last.get(20, TimeUnit.SECONDS);
  }

  private Ran run(String... args) {
    return Ran.in(
        folder, Stream.concat(Stream.of("audit"), Stream.of(args)).toArray(String[]::new));
  }

  /// A log at work renames files while they are looked at; one that is gone is passed over.
  private List<Path> filesWith(String text) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            try {
              if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
                found.add(file);
              }
            } catch (NoSuchFileException e) {
              return FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return found;
  }

  @Test
  void anErasedValueIsGoneAndShowSaysByWhichRecord() throws Exception {
    aLogOf(20);
    assertThat(filesWith(SECRET + " 5.")).isNotEmpty();

    Ran redact = run("redact", "7", "--reason", "GDPR 17", "--by", "dpo", "--second", "counsel");

    assertThat(redact.err()).isEmpty();
    assertThat(redact.status()).isZero();
    assertThat(redact.out()).contains("in.digest, in.text of record 7 erased", "as record 24 says");
    assertThat(filesWith(SECRET + " 5.")).isEmpty();
    assertThat(run("show", "7").out())
        .contains("all values of record 7 on 20", "by record 24", "proven");
    assertThat(run("show", "24").out()).contains("GDPR 17", "dpo", "counsel");
    assertThat(run("verify").out()).startsWith("OK");

    Ran again = run("redact", "7", "--reason", "x");
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.err()).contains("keeps no value", "erased by record 24");
    assertThat(run("redact", "8", "--field", "res.text", "--reason", "x").err())
        .contains("expected: one of [in.digest, in.text]");
    assertThat(run("redact", "999", "--reason", "x").err()).contains("no record 999");
    assertThat(run("redact", "8", "--reason", "x", "--by", "ann", "--second", "Ann ").err())
        .contains("another person");
  }

  @Test
  void aRunningLogErasesWhatACommandAsks() throws Exception {
    try (AuditLog log = AuditLog.open(options().withCheckpointInterval(Duration.ofMillis(20)))) {
      append(log, 20);
      Ran redact = run("redact", "7", "--field", "in.text", "--reason", "GDPR 17", "-f", "json");
      assertThat(redact.err()).isEmpty();
      JsonNode json = JsonMapper.shared().readTree(redact.out());
      assertThat(json.get("done").asBoolean()).isTrue();
      assertThat(json.get("facts").get("field").asString()).isEqualTo("in.text");
      assertThat(filesWith(SECRET + " 5.")).isEmpty();
      assertThat(log.health().queueDepth()).isZero();
    }
    assertThat(run("verify").out()).startsWith("OK");
  }

  @Test
  void aHoldBeatsErasureAndPruningUntilItIsReleased() throws Exception {
    aLogOf(600);
    assertThat(run("hold", "list").out()).contains("no hold is in force");
    Ran place = run("hold", "place", "300..310", "--reason", "Case 12", "--by", "counsel");
    assertThat(place.out()).contains("hold 604 is on 300..310");
    assertThat(run("hold", "list").out()).contains("hold 604", "300..310", "counsel", "Case 12");

    Ran redact = run("redact", "305", "--reason", "GDPR");
    assertThat(redact.status()).isEqualTo(1);
    assertThat(redact.err()).contains("refused", "legal hold 604");
    assertThat(filesWith(SECRET + " 303.")).isNotEmpty();
    Ran prune = run("prune", "--keep", "0s", "-f", "json", "--dry-run");
    assertThat(JsonMapper.shared().readTree(prune.out()).get("minimum").asInt()).isEqualTo(256);

    assertThat(run("hold", "release", "604", "--reason", "over").out()).contains("released");
    assertThat(run("hold", "list").out()).contains("no hold is in force");
    assertThat(run("redact", "305", "--reason", "GDPR").status()).isZero();
    assertThat(run("hold", "release", "604").status()).isEqualTo(1);
    assertThat(run("hold", "place", "9..x", "--reason", "y").err()).contains("expected: A..B");
    assertThat(run("verify").out()).startsWith("OK");
  }

  @Test
  void oldRecordsAreDroppedAndVerifyKnowsThatItWasAllowed() throws Exception {
    aLogOf(600);
    assertThat(run("prune", "--keep", "400d").out()).contains("nothing to drop");
    assertThat(run("prune").err()).contains("--before TIME and --keep TIME");
    Ran dry = run("prune", "--keep", "0s", "--dry-run");
    assertThat(dry.out()).contains("would drop 512 records (0..511)");
    assertThat(filesWith(SECRET + " 5.")).isNotEmpty();

    Ran prune = run("prune", "--keep", "0s", "--by", "dpo");

    assertThat(prune.err()).isEmpty();
    assertThat(prune.out()).contains("512 records (0..511) dropped", "bytes freed");
    assertThat(filesWith(SECRET + " 5.")).isEmpty();
    Ran verify = run("verify");
    assertThat(verify.out()).startsWith("OK").contains("512 records dropped");
    assertThat(run("query", "--limit", "1", "-f", "json").out()).contains("\"i\":512");
    assertThat(verify.out())
        .contains("The first 512 records were dropped, as a signed record says");
    saysThatItWasPruned();

    aLogOf(300);
    assertThat(run("verify").status()).isZero();
    Files.delete(folder.resolve("var/audit/tile/entries/002"));
    Ran cut = run("verify");
    assertThat(cut.status()).isEqualTo(1);
    assertThat(cut.out()).contains("no prune record allows that").doesNotContain("allows\n");
  }

  private void saysThatItWasPruned() throws Exception {
    String pruned = "records before 512 were pruned on 20";
    assertThat(run("show", "5").status()).isEqualTo(2);
    assertThat(run("show", "5").err()).contains("record 5 is not there", pruned, "by dpo");
    Ran prove = run("prove", "5");
    assertThat(prove.status()).isEqualTo(2);
    assertThat(prove.err()).contains("record 5 cannot be proven", pruned);
    assertThat(run("gaps").out()).contains("the log begins here", "from record 512 on");
    for (String as : List.of("jsonl", "evidence")) {
      Ran export = run("export", "--as", as, "--range", "0..600", "-o", as);
      assertThat(export.err()).as(as).contains("not all that was asked for", pruned);
      assertThat(run("export", "--as", as, "--range", "512..600", "-o", as).err())
          .doesNotContain("pruned");
    }
    assertThat(run("export", "--as", "evidence", "--range", "0..9", "-o", "none").err())
        .contains("nothing to export", pruned);
  }

  @Test
  void endOfACallWhoseBeginningWasPrunedIsNoUnreadableCall() throws Exception {
    try (AuditLog log = AuditLog.open(options())) {
      SampleLog.openCall(log);
      append(log, 600);
    }
    aLogOf(1);
    assertThat(run("prune", "--keep", "0s").status()).isZero();

    String row = run("search", "kind:outcome").out();
    assertThat(row).contains("whose beginning is not in the log").doesNotContain("unreadable");
    assertThat(run("show", row.strip().split(" ", 2)[0]).out())
        .contains("the end of a call whose beginning, record 2, is not in the log")
        .doesNotContain("unreadable", "verdict");
  }

  @Test
  void aHoldThatKeepsEverythingIsNamed() throws Exception {
    aLogOf(600);
    run("hold", "place", "10..20", "--reason", "Case 12");

    Ran prune = run("prune", "--keep", "0s");

    assertThat(prune.status()).isEqualTo(1);
    assertThat(prune.out())
        .contains("nothing dropped: records from 10 on stay, under legal hold 604 (\"Case 12\")");
    Ran json = run("prune", "--keep", "0s", "-f", "json");
    assertThat(json.status()).isEqualTo(1);
    assertThat(JsonMapper.shared().readTree(json.out()).get("hold").asInt()).isEqualTo(604);
    assertThat(run("prune", "--keep", "400d").status()).isZero();
  }

  @Test
  void keptTextsAreShownWhenAskedForAndThatIsRecorded() throws Exception {
    aLogOf(20);

    assertThat(run("show", "7").out()).doesNotContain(SECRET);
    assertThat(run("show", "7", "--values").out()).contains("in.text of record 7:", SECRET + " 5.");

    assertThat(run("search", "fact:command=show*").out())
        .contains("command=show --values", "asked=7");
    run("redact", "7", "--reason", "GDPR 17");
    assertThat(run("show", "7", "--values").out())
        .contains("none is kept of record 7")
        .doesNotContain(SECRET);
  }

  @Test
  void whatAReceiverHasNotGotIsNotDropped() throws Exception {
    aLogOf(600);
    Path aFolder = Files.createDirectory(folder.resolve("a-folder"));
    AuditSinksCommandTest.send(folder, "siem", aFolder);

    Ran refused = run("prune", "--keep", "0s");

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err())
        .contains("receiver 'siem' of audit.export has the records before 0 only");
    assertThat(run("verify").out()).doesNotContain("dropped");
    AuditSinksCommandTest.send(folder, "siem", folder.resolve("siem.jsonl"));
    assertThat(run("prune", "--keep", "0s").out()).contains("512 records (0..511) dropped");
    AuditSinksCommandTest.send(folder, "late", aFolder);
    aLogOf(600);
    assertThat(run("prune", "--keep", "0s").status()).isEqualTo(2);
    assertThat(run("prune", "--keep", "0s", "--even-unsent").status()).isZero();
  }
}
