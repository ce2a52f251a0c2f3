package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.SafeText;
import io.outrider.review.index.Bucket;
import io.outrider.review.index.Distribution;
import io.outrider.review.index.Facet;
import io.outrider.review.index.LogIndex;
import io.outrider.review.query.Field;
import io.outrider.review.query.Measure;
import io.outrider.review.query.Query;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    preprocessor = QueryWords.class,
    description = {
      "Count calls by verdict, outcome, user, tool, rule, reason and day, and say how long they took.",
      "With a query, only those that fit; the language is that of search."
    })
final class AuditStatsCommand implements Callable<Integer> {
  private static final Map<String, Field> TOP = new LinkedHashMap<>();
  private static final double[] SHARES = {0.5, 0.9, 0.99};

  /// As many days as a histogram has buckets.
  private static final int MAX_DAYS = 2_000;

  static {
    TOP.put("verdicts", Field.VERDICT);
    TOP.put("outcomes", Field.OUTCOME);
    TOP.put("users", Field.USER);
    TOP.put("servers", Field.UPSTREAM);
    TOP.put("tools", Field.TOOL);
    TOP.put("rules", Field.RULE);
    TOP.put("reasons", Field.REASON);
    TOP.put("events", Field.EVENT);
  }

  private final Terminal terminal;

  @Mixin private final AuditIndex index = new AuditIndex();

  @Mixin private final ReviewRecord record = new ReviewRecord();

  @Parameters(paramLabel = "QUERY", arity = "0..*", description = "What to count. Default: all.")
  private List<String> words = List.of();

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "At most so many values of each. Default: ${DEFAULT-VALUE}")
  private int top = 10;

  @Option(
      names = {"-f", "--format"},
      description = "pretty or json. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  AuditStatsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    if (top < 1) {
      throw new Fatal("--top: " + top + " (expected: > 0)");
    }
    Query query = AuditIndex.query(words);
    Path folder = index.folder(terminal);
    try (LogIndex log = index.open(terminal)) {
      Map<String, Object> stats = new LinkedHashMap<>();
      long records = log.records();
      stats.put("records", records);
      stats.put("bytes", bytes(folder));
      long found = log.count(query);
      stats.put("calls_and_events", found);
      for (Map.Entry<String, Field> field : TOP.entrySet()) {
        stats.put(field.getKey(), counts(log.facets(query, field.getValue(), top)));
      }
      stats.put("latency_ms", millis(log.distribution(query, Measure.LATENCY)));
      stats.put("wait_ms", millis(log.distribution(query, Measure.WAIT)));
      stats.put("days", days(log, query));
      record.read(terminal, folder, "stats", query.text(), found);
      if (format == OutputFormat.json) {
        terminal.out().println(SafeText.json(JsonMapper.shared().writeValueAsString(stats)));
      } else {
        print(stats, records, found);
      }
      return ExitCode.FINE;
    } catch (FormatException | IOException e) {
      throw AuditIndex.failed(e);
    }
  }

  private static Map<String, Long> counts(List<Facet> facets) {
    Map<String, Long> counts = new LinkedHashMap<>();
    facets.forEach(facet -> counts.put(facet.value(), facet.count()));
    return counts;
  }

  private static Map<String, Object> millis(Distribution distribution) {
    Map<String, Object> millis = new LinkedHashMap<>();
    millis.put("count", distribution.count());
    if (distribution.count() > 0) {
      for (double share : SHARES) {
        millis.put("p" + Math.round(share * 100), distribution.percentile(share) / 1e3);
      }
      millis.put("max", distribution.largest() / 1e3);
    }
    return millis;
  }

  /// Days, UTC, on which something fits.
  private static Map<String, Map<String, Long>> days(LogIndex log, Query query)
      throws IOException, FormatException {
    List<Bucket> span = log.histogram(query, null, null, 1);
    if (span.isEmpty()) {
      return Map.of();
    }
    Instant end = span.getLast().until();
    Instant begin = span.getFirst().from().truncatedTo(ChronoUnit.DAYS);
    long count = Duration.between(begin, end).toDays() + 1;
    if (count > MAX_DAYS) {
      begin = end.truncatedTo(ChronoUnit.DAYS).minus(MAX_DAYS - 1L, ChronoUnit.DAYS);
      count = MAX_DAYS;
    }
    Map<String, Map<String, Long>> days = new TreeMap<>();
    for (Bucket day :
        log.histogram(query, begin, begin.plus(count, ChronoUnit.DAYS), (int) count)) {
      if (day.total() > 0) {
        days.put(day.from().toString().substring(0, 10), day.counts());
      }
    }
    return days;
  }

  private static Map<String, Long> bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .collect(
              Collectors.groupingBy(
                  file -> String.valueOf(folder.relativize(file).getName(0)),
                  TreeMap::new,
                  Collectors.summingLong(AuditStatsCommand::size)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      // A partial tile that was replaced meanwhile.
      return 0;
    }
  }

  private void print(Map<String, Object> stats, long records, long found) {
    Style style = terminal.style();
    terminal
        .out()
        .println(
            style.bold(
                String.format(
                    Locale.ROOT, "%,d calls and events of a log of %,d records", found, records)));
    for (Map.Entry<String, Object> part : stats.entrySet()) {
      if (part.getValue() instanceof Map<?, ?> values && !values.isEmpty()) {
        terminal.out().println(style.accent(part.getKey()));
        values.forEach(this::print);
      }
    }
  }

  private void print(Object name, Object value) {
    String number =
        switch (value) {
          case Map<?, ?> byVerdict ->
              byVerdict.entrySet().stream()
                  .map(e -> e.getKey() + " " + e.getValue())
                  .collect(Collectors.joining("  "));
          case Double millis -> String.format(Locale.ROOT, "%,12.2f", millis);
          case Long count -> String.format(Locale.ROOT, "%,12d", count);
          default -> value.toString();
        };
    terminal
        .out()
        .println(
            value instanceof Map<?, ?>
                ? "  " + name + "  " + number
                : number + "  " + SafeText.of(String.valueOf(name), 80));
  }
}
