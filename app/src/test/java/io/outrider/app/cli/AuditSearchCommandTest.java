package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditSearchCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void aLog() throws Exception {
    SampleLog.write(folder.resolve("var/audit"));
  }

  private Ran search(String... args) {
    return Ran.in(
        folder,
        Stream.concat(Stream.of("audit", "search"), Stream.of(args)).toArray(String[]::new));
  }

  @Test
  void findsCallsAndEventsByWhatTheySay() {
    assertThat(search("user:ann tool:list_*").out().lines())
        .singleElement()
        .asString()
        .contains("completed", "ann", "tickets list_issues", "12.0 ms", "1 redacted");
    assertThat(search("verdict:deny", "2026-11-20").out()).isEmpty();
    assertThat(search("verdict:deny", "\"work day\"").out())
        .contains("denied", "mallory", "\"no_cmd\"", "main.rego:7");
    assertThat(search("event:auth_failure").out()).contains("why=expired");
    assertThat(search("call:" + SampleLog.DENIED).out().lines()).hasSize(1);
    assertThat(search("--", "-verdict:allow kind:call").out().lines()).hasSize(1);
  }

  @Test
  void termWithMinusStandsWhereAnyTermStands() {
    assertThat(search("-verdict:allow", "--oldest", "kind:call").out().lines())
        .singleElement()
        .asString()
        .contains("mallory");
    assertThat(search("-verdict:refused").err()).contains("'refused' (expected: one of allow");
    assertThat(search("-nothing:x").err()).contains("-nothing:x");
  }

  @Test
  void emptyAnswerSaysSo() {
    for (String format : new String[] {"table", "jsonl", "csv"}) {
      Ran ran = search("user:nobody", "--format", format);
      assertThat(ran.err()).as(format).contains("nothing fits");
      assertThat(ran.out().lines().skip(format.equals("csv") ? 1 : 0)).as(format).isEmpty();
    }
  }

  @Test
  void whatClientsSendCannotReachTheTerminal() {
    for (String format : new String[] {"table", "json", "jsonl", "csv", "ocsf"}) {
      String out = search("user:mallory", "--format", format).out();
      assertThat(out).as(format).contains("mallory").doesNotContain("\u001b", "\u202e");
      assertThat(out.lines().count()).as(format).isBetween(1L, 3L);
    }
    assertThat(search("user:mallory", "--format", "csv").out()).contains(",'=cmd()<U+001B>[2J");
  }

  @Test
  void pagesGoOnWhereTheyEndedWhileReadsAreRecorded() {
    Ran first = search("kind:call", "--limit", "1");
    assertThat(first.out()).contains("mallory");
    String cursor = first.err().replaceAll("(?s).*--cursor (r\\d+).*", "$1");

    Ran second = search("kind:call", "--limit", "1", "--cursor", cursor);
    assertThat(second.out()).contains("ann");
    assertThat(second.err()).isEmpty();

    assertThat(search("event:review").out())
        .contains("command=search", "asked=kind:call", "count=1", "who=");
    assertThat(search("kind:call", "--oldest").out().lines().findFirst().orElseThrow())
        .contains("ann");
  }

  @Test
  void whatIsDamagedIsNamedBesideTheRest() throws Exception {
    Path log = folder.resolve("var/audit");
    search();
    for (int i = 0; i < 300; i++) {
      try (AuditLog open = AuditLog.open(AuditOptions.in(log))) {
        SampleLog.openCall(open);
      }
      if (Files.exists(log.resolve("tile/entries/000"))) {
        break;
      }
    }
    search();
    Files.write(log.resolve("tile/entries/000"), new byte[] {9});

    Ran ran = search("user:ann", "--limit", "1000", "-f", "json");

    assertThat(ran.status()).isEqualTo(ExitCode.WRONG);
    assertThat(ran.err()).contains("damaged: record 2 cannot be read: ");
    assertThat(JsonMapper.shared().readTree(ran.out()).isArray()).isTrue();
    assertThat(Ran.in(folder, "audit", "export", "--as", "jsonl", "-o", "x.jsonl").err())
        .contains("cannot be read");
    assertThat(folder.resolve("x.jsonl")).doesNotExist();
  }

  @Test
  void moreRowsThanAnAnswerHoldsAreAdvisedAgainst() {
    Ran ran = search("--sql", "select 1", "--limit", "2000000");

    assertThat(ran.status()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("--limit: 2000000 (expected: at most 1000000", "export");
  }

  @Test
  void jsonHasOneObjectForACall() {
    JsonNode all = JsonMapper.shared().readTree(search("kind:call", "--format", "json").out());
    assertThat(all).hasSize(2);
    JsonNode call = all.get(1);
    assertThat(call.get("record").asInt()).isEqualTo(2);
    assertThat(call.get("outcome_record").asInt()).isEqualTo(3);
    assertThat(call.get("rules").get(0).asString()).isEqualTo("data.outrider.allow (main.rego:12)");
    assertThat(call.get("latency_ms").asDouble()).isEqualTo(12.0);
    assertThat(JsonMapper.shared().readTree(search("user:nobody", "-f", "json").out())).isEmpty();
  }

  @Test
  void aWrongQueryShowsWhere() {
    Ran ran = search("user:ann colour:red");
    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err())
        .contains("'colour:' (expected: one of user, ", "user:ann colour:red\n           ^");
    assertThat(search("since:yesterday").err()).contains("'yesterday' (expected: a time such as");
  }

  @Test
  void sqlAnswersFromViewsAndChangesNothing() {
    assertThat(search("--sql", "select user, verdict, latency_ms from calls order by record").out())
        .isEqualTo(
            """
            user     verdict  latency_ms
            ann      allow    12.0
            mallory  deny
            """);
    assertThat(search("--sql", "select call from calls where user = 'ann'", "-f", "csv").out())
        .isEqualTo("call\r\n" + SampleLog.ALLOWED + "\r\n");
    assertThat(search("--sql", "select * from calls", "--limit", "1").err())
        .contains("only the first 1 row; more with --limit");
    assertThat(search("--sql", "select no from calls").err()).contains("no such column: no");
    assertThat(search("--sql", "select * from missing").err()).contains("there are: calls, events");
    assertThat(search("--sql", "delete from entry").err()).contains("expected: a SELECT");
    assertThat(search("--sql", "attach 'x.sqlite' as x").status()).isEqualTo(2);
    assertThat(folder.resolve("x.sqlite")).doesNotExist();
    Ran endless =
        search(
            "--time-limit",
            "1",
            "--sql",
            "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n");
    assertThat(endless.err()).contains("stopped after 1 s");
  }

  @Test
  void aCopyThatCannotBeWrittenIsReadAllTheSame() throws Exception {
    Path copy = folder.resolve("copy");
    try (Stream<Path> files = Files.walk(folder.resolve("var/audit"))) {
      for (Path file : files.toList()) {
        Path to = copy.resolve(folder.resolve("var/audit").relativize(file));
        if (!file.toString().contains("signing.key")) {
          Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    Ran ran = search("user:ann", "--dir", "copy", "--index", "elsewhere/i.sqlite");
    assertThat(ran.out()).contains("completed");
    assertThat(ran.err()).contains("not recorded");
    assertThat(folder.resolve("elsewhere/i.sqlite")).exists();
    assertThat(copy.resolve("index")).doesNotExist();
  }
}
