package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.SafeText;
import io.outrider.review.export.RowWriter;
import io.outrider.review.index.LogIndex;
import io.outrider.review.index.Page;
import io.outrider.review.index.Row;
import io.outrider.review.query.Query;
import io.outrider.review.sql.SqlAnswer;
import io.outrider.review.sql.SqlException;
import io.outrider.review.sql.SqlQuery;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    preprocessor = QueryWords.class,
    description = {
      "Find calls and events, newest first, with an index that is made on first use.",
      "",
      "A query is terms with space between; all must fit:",
      "  user:alice              a field is this",
      "  tool:github.*           '*' stands for any text",
      "  verdict:deny,none       one of these",
      "  -user:bob               not this",
      "  reason:\"not allowed\"    quotes around spaces, commas and colons",
      "  since:-7d until:2026-11-20T12:00:00Z",
      "  latency:>250ms wait:>0ms bytes:>1mb redactions:>0 index:100..200",
      "  call:0190b2e0-...       by the decisionId its caller was given",
      "  github                  free text: some name, reason or fact contains it",
      "Fields: user upstream method tool verdict outcome rule file reason label session client",
      "policy config kind event redacted verified via address obligation error run fact.",
      "A word after '-' that is no 'field:value' goes behind '--': -- -github.",
      "",
      "A '*' after the number: not under a signed checkpoint yet."
    },
    footer =
        "Exit status: 0 searched, 1 some of what fits cannot be read any more (standard error names it), 2 usage or no log.")
final class AuditSearchCommand implements Callable<Integer> {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_PAGE = 1_000;
  private static final int MAX_SQL_ROWS = 1_000_000;

  private final Terminal terminal;

  @Mixin private final AuditIndex index = new AuditIndex();

  @Mixin private final ReviewRecord record = new ReviewRecord();

  @Parameters(paramLabel = "QUERY", arity = "0..*", description = "What to find. Default: all.")
  private List<String> words = List.of();

  @Option(
      names = "--sql",
      paramLabel = "SELECT",
      description = {
        "Ask in SQL instead, of the tables 'calls' and 'events'. Nothing can be changed by it.",
        "Answers come from the index alone; show RECORD reads the log."
      })
  private @Nullable String sql;

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "How long an SQL statement may take. Default: ${DEFAULT-VALUE}")
  private int seconds = 30;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many rows. Default: " + DEFAULT_LIMIT + ", with --sql 1000")
  private @Nullable Integer limit;

  @Option(
      names = "--cursor",
      paramLabel = "CURSOR",
      description = "Go on where a page ended; it stays the same while the log grows.")
  private @Nullable String cursor;

  @Option(names = "--oldest", description = "Oldest first.")
  private boolean oldest;

  @Option(
      names = {"-f", "--format"},
      description = "table, json, jsonl, csv or ocsf. Default: ${DEFAULT-VALUE}")
  private RowFormat format = RowFormat.table;

  AuditSearchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    if (limit != null && limit < 1) {
      throw new Fatal("--limit: " + limit + " (expected: > 0)");
    }
    if (seconds < 1) {
      throw new Fatal("--time-limit: " + seconds + " (expected: > 0)");
    }
    return sql == null ? search() : sql(sql);
  }

  private int search() throws ConfigException {
    Query query = AuditIndex.query(words);
    Page.Cursor from = from();
    int wanted = limit == null ? DEFAULT_LIMIT : limit;
    long given = 0;
    List<Page.Damaged> damaged = new ArrayList<>();
    try (LogIndex log = index.open(terminal);
        Held held = record.reading(terminal, folder(), "search", query.text())) {
      PrintStream out = held.terminal().out();
      RowWriter writer = writer(held.terminal());
      Optional<Page.Cursor> next = Optional.empty();
      do {
        Page page =
            log.search(
                query,
                next.orElse(from),
                oldest ? Page.Order.OLDEST : Page.Order.NEWEST,
                (int) Math.min(MAX_PAGE, wanted - given - damaged.size()));
        for (Row row : page.rows()) {
          writer.row(row);
        }
        given += page.rows().size();
        damaged.addAll(page.damaged());
        held.count(given);
        next = page.next();
      } while (next.isPresent() && given + damaged.size() < wanted && !out.checkError());
      writer.end();
      held.end();
      footer(given, next);
    } catch (FormatException | IOException e) {
      throw AuditIndex.failed(e);
    }
    damaged.forEach(one ->
        terminal
            .err()
            .println(terminal.style().bad("damaged") + ": " + SafeText.of(one.toString())));
    return damaged.isEmpty() ? ExitCode.FINE : ExitCode.WRONG;
  }

  private Path folder() throws ConfigException {
    return index.folder(terminal);
  }

  private Page.@Nullable Cursor from() {
    try {
      return cursor == null ? null : Page.Cursor.parse(cursor);
    } catch (IllegalArgumentException e) {
      throw new Fatal("--" + e.getMessage());
    }
  }

  private RowWriter writer(Terminal to) throws ConfigException {
    return switch (format) {
      case table -> new RowTable(to);
      case json -> RowWriter.json(to.out());
      case jsonl -> RowWriter.jsonLines(to.out());
      case csv -> RowWriter.csv(to.out());
      case ocsf ->
          RowWriter.ocsf(
              to.out(), AuditOrigin.of(index.source(terminal)), VersionCommand.version());
    };
  }

  private void footer(long given, Optional<Page.Cursor> next) {
    if (given == 0 && next.isEmpty()) {
      terminal.err().println("nothing fits" + (cursor == null ? "" : " behind this cursor"));
      return;
    }
    String more = next.map(c -> "; more with --cursor " + c).orElse("");
    if (terminal.interactive() || !more.isEmpty()) {
      terminal.err().println(terminal.style().dim(Cli.count(given, "row") + more));
    }
  }

  private int sql(String statement) throws ConfigException {
    if (!words.isEmpty() || cursor != null || format == RowFormat.ocsf) {
      throw new Fatal("--sql: cannot be together with a query, --cursor or --format ocsf");
    }
    if (limit != null && limit > MAX_SQL_ROWS) {
      throw new Fatal(
          "--limit: %d (expected: at most %d with --sql; a condition on record gives an answer in parts, and export writes any number of rows)"
              .formatted(limit, MAX_SQL_ROWS));
    }
    SqlAnswer answer;
    try (LogIndex log = index.open(terminal)) {
      answer =
          new SqlQuery(log.file(), Duration.ofSeconds(seconds))
              .ask(statement, limit == null ? MAX_PAGE : limit);
    } catch (SqlException e) {
      throw new Fatal("--sql: " + e.getMessage());
    }
    record.read(terminal, folder(), "search --sql", statement, answer.rows().size());
    new SqlTable(terminal, answer).print(format);
    String only = "only the first " + Cli.count(answer.rows().size(), "row");
    switch (answer.cut()) {
      case NONE -> {}
      case ROWS -> terminal.err().println(terminal.style().warn(only + "; more with --limit"));
      case BYTES ->
          terminal
              .err()
              .println(
                  terminal
                      .style()
                      .warn(
                          only
                              + ": an answer has at most 64 MiB; fewer columns, or a condition on record, give it in parts"));
    }
    return ExitCode.FINE;
  }
}
