package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Opening;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.CustodyRecords;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.KeptValues;
import io.outrider.audit.verify.LeafText;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.SafeText;
import io.outrider.review.index.LogIndex;
import io.outrider.review.index.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Show a call from beginning to end: who, what, the verdict and why, with the text of the rule as it was, how long each step took,",
      "what was redacted, and the proof that the signed log holds its records. Or show a record that is of no call.",
      "With --proof FILE: write the proof of one record to a file that anyone can check with the public key alone."
    })
final class AuditShowCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final AuditIndex index = new AuditIndex();

  @Mixin private final ReviewRecord record = new ReviewRecord();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The log's public key, or a file with it. Default: the folder's own.")
  private @Nullable String key;

  @Option(
      names = "--proof",
      paramLabel = "FILE",
      description =
          "Write the proof (C2SP tlog-proof) of the record; with a call, of its first record.")
  private @Nullable Path proof;

  @Option(names = "--records", description = "Show the records themselves as well.")
  private boolean records;

  @Option(
      names = "--values",
      description =
          "Show the texts that are kept beside the records: what was passed on, redacted, and what was too long for a record. That they were read is recorded.")
  private boolean values;

  @Option(
      names = {"-f", "--format"},
      description = "pretty, or json: one record a line. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  @Parameters(
      paramLabel = "RECORD|CALL",
      description =
          "The number of a record, or the id of a call (the decisionId its caller was given).")
  private String what = "";

  AuditShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    LogSource source = index.source(terminal);
    try (LogIndex log = index.open(terminal)) {
      pruned(source);
      Optional<Timeline> timeline = timeline(log);
      List<LogEntry> entries =
          timeline.isPresent() ? timeline.get().records() : one(log).stream().toList();
      if (entries.isEmpty()) {
        throw new Fatal("no record '" + SafeText.of(what) + "' in this log");
      }
      VerifierKey verifier = AuditFolder.key(terminal, key, source);
      // Before: what is on the terminal was read, whatever comes of its proof.
      record.read(
          terminal,
          index.folder(terminal),
          values ? "show --values" : "show",
          what,
          entries.size());
      if (format == OutputFormat.json) {
        entries.forEach(entry -> terminal.out().println(LeafText.json(entry)));
      } else {
        show(source, timeline, entries, verifier);
      }
      if (proof != null) {
        Files.write(
            terminal.resolve(proof),
            InclusionProver.prove(source, entries.getFirst().index()).bytes());
        terminal
            .err()
            .println("proof of record " + entries.getFirst().index() + " written to " + proof);
      }
      return ExitCode.FINE;
    } catch (FormatException e) {
      terminal.err().println(terminal.style().bad("not proven: ") + e.getMessage());
      return ExitCode.WRONG;
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }

  private void pruned(LogSource source) throws IOException, FormatException {
    if (isIndex()) {
      PrunedRecords.of(source)
          .what(Long.parseLong(what))
          .ifPresent(pruned -> {
            throw new Fatal("record " + what + " is not there: " + pruned);
          });
    }
  }

  private boolean isIndex() {
    return what.matches("\\d{1,18}");
  }

  private Optional<LogEntry> one(LogIndex log) throws IOException, FormatException {
    return isIndex() ? log.record(Long.parseLong(what)) : Optional.empty();
  }

  /// The call that is meant, or that the record belongs to.
  private Optional<Timeline> timeline(LogIndex log) throws IOException, FormatException {
    Optional<LogEntry> asked = one(log);
    Optional<String> callId =
        asked.isPresent() ? asked.get().leaf().text("call") : Optional.of(what);
    return callId.isPresent() ? log.call(callId.get()) : Optional.empty();
  }

  private void show(
      LogSource source, Optional<Timeline> timeline, List<LogEntry> entries, VerifierKey verifier)
      throws IOException, FormatException {
    if (timeline.isPresent()) {
      new CallText(terminal, source).print(timeline.get());
    } else {
      terminal.out().println(LeafText.line(entries.getFirst()).strip());
    }
    Custody custody = CustodyRecords.read(source);
    for (LogEntry entry : entries) {
      for (CustodyEvent erasure : custody.erasures(entry.index())) {
        erased(source, erasure);
      }
      if (values) {
        kept(source, entry);
      }
      proof(source, entry, verifier);
    }
    if (records || timeline.isEmpty()) {
      JsonMapper json = JsonMapper.shared();
      for (LogEntry entry : entries) {
        // Made safe line by line: reading the JSON undoes its escapes.
        json.writerWithDefaultPrettyPrinter()
            .writeValueAsString(json.readTree(entry.leaf().json()))
            .lines()
            .forEach(line -> terminal.out().println(SafeText.json(line)));
      }
    }
  }

  /// The values beside the log, with what they were committed under.
  private void kept(LogSource source, LogEntry entry) throws IOException, FormatException {
    List<Opening> kept = KeptValues.of(source, entry.leaf());
    if (kept.isEmpty()) {
      line("value", "none is kept of record " + entry.index());
    }
    for (Opening opening : kept) {
      line("value", SafeText.of(opening.field()) + " of record " + entry.index() + ":");
      new String(opening.value(), StandardCharsets.UTF_8)
          .lines()
          .forEach(text -> line("", SafeText.of(text)));
    }
  }

  private void line(String label, String text) {
    terminal
        .out()
        .println("  " + terminal.style().dim(String.format(Locale.ROOT, "%-9s", label)) + text);
  }

  private void erased(LogSource source, CustodyEvent erasure) throws IOException, FormatException {
    Map<String, String> facts = erasure.facts();
    terminal
        .out()
        .println(
            "  "
                + terminal.style().dim("erased   ")
                + SafeText.of(facts.getOrDefault(CustodyEvent.FIELD, "all values"))
                + " of record "
                + SafeText.of(facts.getOrDefault(CustodyEvent.RECORD, ""))
                + " on "
                + PrunedRecords.time(source, erasure)
                + " by record "
                + erasure.index());
  }

  private void proof(LogSource source, LogEntry entry, VerifierKey verifier)
      throws IOException, FormatException {
    Style style = terminal.style();
    String text;
    if (entry.checkpointed()) {
      ProofFile made = InclusionProver.prove(source, entry.index());
      InclusionProver.check(made, verifier);
      text =
          style.good("proven")
              + ": "
              + Cli.count(made.path().size(), "hash").replace("hashs", "hashes")
              + " lead from record "
              + entry.index()
              + " to the root signed by "
              + verifier.name();
    } else {
      text =
          style.warn("record " + entry.index() + " is not under a signed checkpoint yet")
              + "; ask again in a second";
    }
    terminal.out().println("  " + style.dim("proof    ") + text);
  }
}
