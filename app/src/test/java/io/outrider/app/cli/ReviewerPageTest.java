package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs every command of docs/reviewer.md as it stands there, for a log that lies elsewhere.
class ReviewerPageTest {
  private static final Path PAGE = Path.of("..", "docs", "reviewer.md");

  /// A word of a shell's line, in quotes or not, up to where its output is sent.
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\">]+)|>.*");

  @TempDir private Path folder;
  private Path log = Path.of("");

  @BeforeEach
  void aLogAndWhatAReviewerKept() throws Exception {
    log = folder.resolve("srv/audit");
    SampleLog.write(log);
    Files.copy(log.resolve("log.vkey"), folder.resolve("mykey"));
    Files.copy(log.resolve("checkpoint"), folder.resolve("last-month.checkpoint"));
  }

  @Test
  void everyCommandRunsAsWritten() throws Exception {
    List<String> commands =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("    outrider "))
            .map(String::strip)
            .toList();
    assertThat(commands).hasSizeGreaterThan(10);
    for (String command : commands) {
      Ran ran = Ran.in(folder, words(command));
      assertThat(ran.status()).as("%s%n%s%s", command, ran.out(), ran.err()).isZero();
    }
  }

  private String[] words(String command) {
    return WORD.matcher(command)
        .results()
        .map(this::word)
        .filter(word -> !word.isEmpty())
        .skip(1)
        .toArray(String[]::new);
  }

  private String word(MatchResult word) {
    for (int group = 1; group <= word.groupCount(); group++) {
      if (word.group(group) != null) {
        return word.group(group).replace("$LOG", log.toString());
      }
    }
    return "";
  }
}
