package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.Filter;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.LeafText;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      "Show a record, or all records of a call, whole, and prove that the signed log holds it.",
      "With --proof FILE: write the proof of one record to a file that anyone can check with the public key alone."
    })
final class AuditShowCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

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
    LogSource source = folder.source(terminal);
    try {
      List<LogEntry> entries = find(source);
      if (entries.isEmpty()) {
        throw new Fatal("no record '" + what + "' in this log");
      }
      VerifierKey verifier = key == null ? keyOf(source) : AuditFolder.key(terminal, key);
      for (LogEntry entry : entries) {
        show(source, entry, verifier);
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

  private List<LogEntry> find(LogSource source) throws IOException, FormatException {
    List<LogEntry> entries = new ArrayList<>();
    if (what.matches("\\d{1,18}")) {
      AuditQuery.run(source, Long.parseLong(what), Filter.ALL, entry -> !entries.add(entry));
      entries.removeIf(entry -> entry.index() != Long.parseLong(what));
    } else {
      AuditQuery.run(source, 0, Filter.ALL.with("call", what), entries::add);
    }
    return entries;
  }

  private void show(LogSource source, LogEntry entry, VerifierKey verifier)
      throws IOException, FormatException {
    if (format == OutputFormat.json) {
      terminal.out().println(LeafText.json(entry));
      return;
    }
    Style style = terminal.style();
    terminal.out().println(LeafText.line(entry).strip());
    JsonMapper json = JsonMapper.shared();
    terminal
        .out()
        .println(
            json.writerWithDefaultPrettyPrinter()
                .writeValueAsString(json.readTree(LeafText.json(entry))));
    if (!entry.checkpointed()) {
      terminal
          .out()
          .println(style.warn("not under a signed checkpoint yet") + "; ask again in a second");
      return;
    }
    ProofFile made = InclusionProver.prove(source, entry.index());
    InclusionProver.check(made, verifier);
    terminal
        .out()
        .println(
            style.good("proven")
                + ": "
                + Cli.count(made.path().size(), "hash").replace("hashs", "hashes")
                + " lead from this record to the root signed by "
                + verifier.name());
  }

  private static VerifierKey keyOf(LogSource source) throws IOException {
    Optional<byte[]> text = source.read("log.vkey");
    if (text.isEmpty()) {
      throw new Fatal("the log holds no public key; give --key");
    }
    return VerifierKey.parse(new String(text.get(), StandardCharsets.UTF_8));
  }
}
