package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.LeafText;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.Problem;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Check the whole log: every record, the tree, the signatures, and that nothing is missing.",
      "Give the public key with --key: a key read from the log's own folder proves only that the folder agrees with itself."
    },
    footer = "Exit status: 0 intact, 1 tampered with, 2 unreadable, 3 intact but incomplete.")
final class AuditVerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The log's public key, or a file with it.")
  private @Nullable String key;

  @Option(
      names = "--proof",
      paramLabel = "FILE",
      description = "Check only this proof of one record; needs --key, and no log.")
  private @Nullable Path proof;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "A checkpoint saved earlier; the log must begin with it. May be repeated.")
  private @Nullable List<Path> checkpoints;

  @Option(
      names = {"-f", "--format"},
      description = "pretty or json. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  AuditVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    return proof == null ? log() : proof(proof);
  }

  private int proof(Path file) {
    if (key == null) {
      throw new Fatal(
          "--proof: needs the log's public key with --key; the proof cannot vouch for itself");
    }
    try {
      ProofFile parsed = ProofFile.parse(Files.readAllBytes(terminal.resolve(file)));
      Leaf leaf = InclusionProver.check(parsed, AuditFolder.key(terminal, key));
      terminal
          .out()
          .println(terminal.style().good("OK") + "  record " + leaf.index() + " is in the log");
      terminal.out().println(LeafText.line(new LogEntry(leaf.index(), leaf, true)).strip());
      return ExitCode.FINE;
    } catch (FormatException e) {
      terminal.out().println(terminal.style().bad("NOT PROVEN") + "  " + e.getMessage());
      return ExitCode.WRONG;
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }

  private int log() throws ConfigException {
    List<byte[]> saved = new ArrayList<>();
    for (Path file : checkpoints == null ? List.<Path>of() : checkpoints) {
      try {
        saved.add(Files.readAllBytes(terminal.resolve(file)));
      } catch (IOException e) {
        throw new Fatal(Messages.of(e));
      }
    }
    VerifierKey given = key == null ? null : AuditFolder.key(terminal, key);
    LongConsumer progress =
        terminal.interactive()
            ? records -> terminal.err().printf("\r%,d records checked", records)
            : records -> {};
    Verification result = AuditVerifier.verify(folder.source(terminal), given, saved, progress);
    if (terminal.interactive()) {
      terminal.err().print("\r\u001b[K");
    }
    if (format == OutputFormat.json) {
      terminal
          .out()
          .println(
              JsonMapper.shared()
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(json(result)));
    } else {
      print(result);
    }
    return result.verdict().exitCode();
  }

  private void print(Verification result) {
    Style style = terminal.style();
    String word = result.verdict().slug().toUpperCase(Locale.ROOT);
    terminal
        .out()
        .println(
            (result.verdict() == Verdict.OK ? style.good(word) : style.bad(word))
                + "  "
                + Cli.count(result.records(), "record")
                + (result.tail() > 0 ? " and " + result.tail() + " not under a checkpoint yet" : "")
                + (result.inFlight() > 0
                    ? ", " + Cli.count(result.inFlight(), "call") + " in flight"
                    : ""));
    if (result.checkpoint() != null) {
      terminal
          .out()
          .println(
              style.dim("  log   ")
                  + result.checkpoint().origin()
                  + ", size "
                  + result.checkpoint().size());
      terminal
          .out()
          .println(style.dim("  root  ") + HexFormat.of().formatHex(result.checkpoint().root()));
    }
    if (result.key() != null) {
      terminal.out().println(style.dim("  key   ") + result.key());
      if (result.keyFromFolder()) {
        terminal
            .out()
            .println(
                style.warn("  note  ")
                    + "the key is the folder's own; compare it with one you keep elsewhere, or give --key");
      }
    }
    if (!result.counts().isEmpty()) {
      terminal
          .out()
          .println(
              style.dim("  kinds ")
                  + String.join(
                      ", ",
                      result.counts().entrySet().stream()
                          .sorted(Map.Entry.comparingByKey())
                          .map(e -> e.getValue() + " " + e.getKey())
                          .toList()));
    }
    result.problems().forEach(problem -> terminal.out().println("  " + problem));
    if (result.problemCount() > result.problems().size()) {
      terminal
          .out()
          .println("  and " + (result.problemCount() - result.problems().size()) + " more");
    }
  }

  private static Map<String, Object> json(Verification result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("verdict", result.verdict().slug());
    json.put("records", result.records());
    json.put("tail", result.tail());
    json.put("in_flight", result.inFlight());
    json.put("counts", new TreeMap<>(result.counts()));
    if (result.checkpoint() != null) {
      json.put("origin", result.checkpoint().origin());
      json.put("size", result.checkpoint().size());
      json.put("root", HexFormat.of().formatHex(result.checkpoint().root()));
    }
    if (result.key() != null) {
      json.put("key", result.key().toString());
      json.put("key_from_folder", result.keyFromFolder());
    }
    json.put("problem_count", result.problemCount());
    json.put("problems", result.problems().stream().map(AuditVerifyCommand::json).toList());
    return json;
  }

  private static Map<String, Object> json(Problem problem) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("severity", problem.severity().slug());
    if (problem.index() >= 0) {
      json.put("record", problem.index());
    }
    json.put("what", problem.what());
    return json;
  }
}
