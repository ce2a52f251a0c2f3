package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.AuditTail;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.review.export.DuckDb;
import io.outrider.review.export.Evidence;
import io.outrider.review.export.RowWriter;
import io.outrider.review.index.LogIndex;
import io.outrider.review.index.Page;
import io.outrider.review.index.Row;
import io.outrider.review.query.Query;
import io.outrider.review.query.Term;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    preprocessor = QueryWords.class,
    description = {
      "Write part of the log to a file, oldest first: all of it, a range of records, or what a query finds (the language is that of search).",
      "",
      "  jsonl     one object for each call or event; csv is the same, safe for spreadsheets",
      "  ocsf      Open Cybersecurity Schema Framework 1.8.0, API Activity, with the record as raw_data",
      "  evidence  a zip with records, proofs, checkpoint, policies, and how to check them without Outrider",
      "  parquet   as jsonl, by the duckdb executable, which must be on the PATH",
      "",
      "That it was exported is recorded in the log, with the file's SHA-256."
    })
final class AuditExportCommand implements Callable<Integer> {
  private static final int PAGE = 1_000;
  private static final int PROGRESS = 1_000;
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})?");

  enum As {
    jsonl,
    ocsf,
    csv,
    evidence,
    parquet
  }

  private final Terminal terminal;

  @Mixin private final AuditIndex index = new AuditIndex();

  @Mixin private final ReviewRecord record = new ReviewRecord();

  @Parameters(paramLabel = "QUERY", arity = "0..*", description = "What to export. Default: all.")
  private List<String> words = List.of();

  @Option(names = "--as", required = true, description = "jsonl, ocsf, csv, evidence or parquet.")
  private As as = As.jsonl;

  @Option(
      names = "--range",
      paramLabel = "A..B",
      description = "Records from A to B, both included; A.. for all from A on.")
  private @Nullable String range;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "Where to; - for the standard output.")
  private String output = "";

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "With parquet, how long duckdb may take. Default: ${DEFAULT-VALUE}")
  private int seconds = 600;

  /// What of the range asked for was dropped from the log, in words; nothing if that is empty.
  private String pruned = "";

  AuditExportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// What was exported.
  private record Exported(long count, Map<String, String> facts) {}

  @Override
  public Integer call() throws ConfigException {
    if (seconds < 1) {
      throw new Fatal("--time-limit: " + seconds + " (expected: > 0)");
    }
    Query query = AuditIndex.query(words);
    Optional<Term.Indices> span = span();
    String asked = (query.text() + span.map(s -> " --range " + range).orElse("")).strip();
    if (span.isPresent()) {
      query = query.and(span.get());
    }
    LogSource source = index.source(terminal);
    try {
      long first = span.map(Term.Indices::first).orElse(0L);
      if (span.isPresent() || words.isEmpty()) {
        pruned = PrunedRecords.of(source).what(first).orElse("");
      }
      if (output.equals("-")) {
        toStandardOutput(query, asked);
      } else {
        toFile(query, source, span, asked);
      }
      return ExitCode.FINE;
    } catch (FormatException | IOException e) {
      throw AuditIndex.failed(e);
    }
  }

  private Optional<Term.Indices> span() {
    if (range == null) {
      return Optional.empty();
    }
    Matcher matcher = RANGE.matcher(range);
    if (!matcher.matches()) {
      throw new Fatal("--range: " + range + " (expected: such as 100..200 or 100..)");
    }
    long first = Long.parseLong(matcher.group(1));
    long last = matcher.group(2) == null ? Long.MAX_VALUE : Long.parseLong(matcher.group(2));
    if (first > last) {
      throw new Fatal("--range: " + range + " (expected: the smaller number first)");
    }
    return Optional.of(new Term.Indices(first, last, false));
  }

  private void toStandardOutput(Query query, String asked)
      throws ConfigException, IOException, FormatException {
    if (as == As.evidence || as == As.parquet) {
      throw new Fatal("-o -: " + as + " goes to a file (expected: a name)");
    }
    try (Held held =
        record.exporting(terminal, index.folder(terminal), asked, Map.of("as", as.name()))) {
      PrintStream out = held.terminal().out();
      rows(
          query,
          writer(out, as),
          count -> {
            held.count(count);
            return !out.checkError();
          });
      held.end();
      sayPruned();
    }
  }

  private void sayPruned() {
    if (!pruned.isEmpty()) {
      terminal.err().println(terminal.style().warn("not all that was asked for: ") + pruned);
    }
  }

  /// Under a temporary name first: what bears the name asked for is whole, and recorded.
  private void toFile(Query query, LogSource source, Optional<Term.Indices> span, String asked)
      throws ConfigException, IOException, FormatException {
    Path file = terminal.resolve(Path.of(output));
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      Exported exported =
          switch (as) {
            case evidence -> evidence(query, source, span, asked, unfinished);
            case parquet -> parquet(query, unfinished);
            default -> plain(query, unfinished, as);
          };
      Map<String, String> facts = new LinkedHashMap<>(exported.facts());
      facts.put("file", output);
      facts.put("sha256", sha256(unfinished));
      facts.put("as", as.name());
      record.exported(terminal, index.folder(terminal), asked, exported.count(), facts);
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      terminal
          .err()
          .println(
              Cli.count(exported.count(), as == As.evidence ? "record" : "row")
                  + " written to "
                  + output);
      sayPruned();
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private Exported plain(Query query, Path file, As format)
      throws ConfigException, IOException, FormatException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      return new Exported(rows(query, writer(out, format), _ -> true), Map.of());
    }
  }

  private RowWriter writer(OutputStream out, As format) throws ConfigException {
    return switch (format) {
      case ocsf ->
          RowWriter.ocsf(out, AuditOrigin.of(index.source(terminal)), VersionCommand.version());
      case csv -> RowWriter.csv(out);
      case jsonl, evidence, parquet -> RowWriter.jsonLines(out);
    };
  }

  /// @param page told after each page how many rows there are so far; says whether to go on
  private long rows(Query query, RowWriter writer, LongPredicate page)
      throws ConfigException, IOException, FormatException {
    long count = 0;
    try (LogIndex log = index.open(terminal)) {
      Optional<Page.Cursor> next = Optional.empty();
      do {
        Page found = log.search(query, next.orElse(null), Page.Order.OLDEST, PAGE);
        for (Row row : found.whole()) {
          writer.row(row);
        }
        count += found.rows().size();
        next = found.next();
        progress(count, "rows");
      } while (page.test(count) && next.isPresent());
      writer.end();
    }
    return count;
  }

  private void progress(long count, String noun) {
    if (terminal.interactive() && count % PROGRESS == 0) {
      terminal.err().printf("\r\u001b[K%,d %s written\r", count, noun);
    }
  }

  private Exported evidence(
      Query query, LogSource source, Optional<Term.Indices> span, String asked, Path file)
      throws ConfigException, IOException, FormatException {
    // A range means every record of it, whatever call it belongs to.
    long[] indices = words.isEmpty() ? range(source, span.orElse(null)) : found(query);
    if (indices.length == 0) {
      throw new Fatal("nothing to export: " + (pruned.isEmpty() ? "no record fits" : pruned));
    }
    Evidence.Written written;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      written =
          Evidence.write(
              source,
              indices,
              asked,
              pruned,
              String.valueOf(Path.of(output).getFileName()),
              Instant.now(),
              out,
              count -> progress(count, "proofs"));
    }
    if (written.leftOut() > 0) {
      terminal
          .err()
          .println(
              terminal
                  .style()
                  .warn(
                      Cli.count(written.leftOut(), "record")
                          + " left out: not under a signed checkpoint yet"));
    }
    return new Exported(
        written.records(),
        Map.of(
            "size",
            Long.toString(written.checkpoint().size()),
            "root",
            HexFormat.of().formatHex(written.checkpoint().root())));
  }

  private static long[] range(LogSource source, Term.@Nullable Indices span)
      throws IOException, FormatException {
    AuditTail tail = new AuditTail(source, span == null ? 0 : span.first());
    long last = span == null ? Long.MAX_VALUE : span.last();
    LongStream.Builder indices = LongStream.builder();
    for (List<LogEntry> entries = tail.poll();
        !entries.isEmpty() && entries.getFirst().index() <= last;
        entries = tail.poll()) {
      entries.stream().mapToLong(LogEntry::index).filter(i -> i <= last).forEach(indices::add);
    }
    return indices.build().toArray();
  }

  /// Everything about the calls that were found: their intents and their outcomes.
  private long[] found(Query query) throws ConfigException, IOException, FormatException {
    LongStream.Builder indices = LongStream.builder();
    try (LogIndex log = index.open(terminal)) {
      Optional<Page.Cursor> next = Optional.empty();
      do {
        Page page = log.search(query, next.orElse(null), Page.Order.OLDEST, PAGE);
        for (Row row : page.whole()) {
          indices.add(row.index());
          row.end().ifPresent(end -> indices.add(end.index()));
        }
        next = page.next();
      } while (next.isPresent());
    }
    return indices.build().sorted().distinct().toArray();
  }

  private Exported parquet(Query query, Path file)
      throws ConfigException, IOException, FormatException {
    DuckDb duckDb =
        DuckDb.on(terminal.environment().getOrDefault("PATH", ""))
            .orElseThrow(() ->
                new Fatal(
                    "--as parquet: no duckdb on the PATH (expected: the DuckDB command line, from duckdb.org; or --as jsonl, which it reads as well)"));
    Path rows = file.resolveSibling(file.getFileName() + ".jsonl");
    try {
      Exported exported = plain(query, rows, As.jsonl);
      duckDb.parquet(
          rows,
          file,
          Duration.ofSeconds(seconds),
          bytes -> {
            if (terminal.interactive()) {
              terminal.err().printf("\r\u001b[K%,d bytes of parquet written\r", bytes);
            }
          });
      return exported;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fatal("interrupted");
    } finally {
      Files.deleteIfExists(rows);
    }
  }

  private static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
      digest.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }
}
