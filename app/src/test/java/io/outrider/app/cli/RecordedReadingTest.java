package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing of a log is shown or handed out before the log says that it was read.
class RecordedReadingTest {
  @TempDir private Path folder;
  private Path log;

  @BeforeEach
  void aLog() throws Exception {
    log = folder.resolve("var/audit");
    SampleLog.write(log);
    // Made before: these tests are about what is shown.
    Ran.in(folder, "audit", "search");
  }

  private Ran run(String command, String... more) {
    return Ran.in(
        folder,
        Stream.concat(Stream.of(("audit " + command).split(" ")), Stream.of(more))
            .toArray(String[]::new));
  }

  private void nothingCanBeRecorded() throws Exception {
    Files.deleteIfExists(log.resolve("inbox"));
    Files.createFile(log.resolve("inbox"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "search",
        "search -f json",
        "search --sql SELECT+user+FROM+calls",
        "query",
        "tail",
        "show 2",
        "stats",
        "gaps",
        "prove 2 -o -",
        "prove 2",
        "export --as jsonl -o -",
        "export --as csv -o calls.csv",
        "export --as evidence -o case.zip"
      })
  void whatCannotBeRecordedIsNotShownUnlessAskedFor(String command) throws Exception {
    String[] words = command.split(" ");
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i].replace('+', ' ');
    }
    String[] args = Stream.concat(Stream.of("audit"), Stream.of(words)).toArray(String[]::new);
    nothingCanBeRecorded();
    List<String> before = files();

    Ran refused = Ran.in(folder, args);

    assertThat(refused.status()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains("not shown, because the log cannot record that it is read: ", "--unrecorded");
    assertThat(files()).isEqualTo(before);

    Ran shown =
        Ran.in(
            folder,
            Stream.concat(Stream.of(args), Stream.of("--unrecorded")).toArray(String[]::new));

    assertThat(shown.status()).isZero();
    assertThat(shown.err()).contains("this reading is not recorded: ");
    assertThat(shown.out().isEmpty()).isEqualTo(files().size() > before.size());
  }

  private List<String> files() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  @Test
  void aCopyAndADamagedLogAreReadAllTheSame() throws Exception {
    Path signed = log.resolve("state/signed");
    byte[] state = Files.readAllBytes(signed);
    Files.delete(signed);

    Ran damaged = run("search", "user:ann");
    assertThat(damaged.out()).contains("list_issues");
    assertThat(damaged.err()).contains("this reading is not recorded: ", "two times");

    Files.write(signed, state);
    Files.delete(log.resolve("signing.key"));
    Ran copy = run("search", "user:ann");
    assertThat(copy.out()).contains("list_issues");
    assertThat(copy.err()).contains("this reading is not recorded: ", "no signing key");
  }

  @Test
  void whatIsReadIsCounted() throws Exception {
    run("query --tool list_issues");
    run("tail -n 3");
    run("export --as jsonl -o -");
    run("search user:nobody");

    assertThat(run("search event:review,export -f jsonl --oldest").out().lines().skip(1))
        .satisfiesExactly(
            line -> assertThat(line).contains("\"command\":\"query\"", "\"count\":\"2\""),
            line -> assertThat(line).contains("\"command\":\"tail\"", "\"count\":\"3\""),
            line -> assertThat(line).contains("\"command\":\"export\"", "\"as\":\"jsonl\""),
            line -> assertThat(line).contains("\"command\":\"search\"", "\"count\":\"0\""));
  }

  @Test
  void longOutputIsRecordedBeforeItFlows() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Map<String, String>> records = new ArrayList<>();
    Terminal terminal =
        Terminal.of(
            new ByteArrayInputStream(new byte[0]),
            out,
            OutputStream.nullOutputStream(),
            Map.of(),
            folder);
    String line = "x".repeat(1 << 20);

    try (Held held =
        new Held(
            terminal,
            facts -> {
              assertThat(out.size()).isZero();
              records.add(facts);
            })) {
      for (int i = 1; i <= 6; i++) {
        held.count(i);
        held.terminal().out().println(line);
        assertThat(out.size() > 0).as("line %s", i).isEqualTo(!records.isEmpty());
      }
      held.end();
    }

    assertThat(records).containsExactly(Map.of("count", "4", "more", "true"));
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo((line + "\n").repeat(6));
  }

  @Test
  void whatWasFoundBeforeAFailureIsRecordedAndShown() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Terminal terminal =
        Terminal.of(
            new ByteArrayInputStream(new byte[0]),
            out,
            OutputStream.nullOutputStream(),
            Map.of(),
            folder);
    List<Map<String, String>> records = new ArrayList<>();

    try (Held held = new Held(terminal, records::add)) {
      held.terminal().out().println("found");
      held.count(1);
      throw new Fatal("the log is damaged behind it");
    } catch (Fatal expected) {
      assertThat(expected).hasMessageContaining("damaged");
    }

    assertThat(records).containsExactly(Map.of("count", "1"));
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("found\n");
  }
}
