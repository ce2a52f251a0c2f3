package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.verify.InclusionProver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "prove",
    mixinStandardHelpOptions = true,
    description = {
      "Write the proof that a record is in the log (C2SP tlog-proof), with the record in it.",
      "Anyone can check it with the public key alone: outrider audit verify FILE --key KEY"
    })
final class AuditProveCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Mixin private final ReviewRecord record = new ReviewRecord();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to. Default: INDEX.tlog-proof; - for the standard output.")
  private @Nullable String output;

  @Parameters(paramLabel = "INDEX", description = "The number of the record.")
  private long index;

  AuditProveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    if (index < 0) {
      throw new Fatal("INDEX: " + index + " (expected: >= 0)");
    }
    try {
      Optional<String> pruned = PrunedRecords.of(folder.source(terminal)).what(index);
      if (pruned.isPresent()) {
        throw new Fatal("record " + index + " cannot be proven: " + pruned.get());
      }
      ProofFile proof = InclusionProver.prove(folder.source(terminal), index);
      String name = output == null ? index + ".tlog-proof" : output;
      // The record is in the proof: with it, it leaves the log.
      record.exported(
          terminal,
          folder.path(terminal),
          Long.toString(index),
          1,
          Map.of("as", "tlog-proof", "file", name));
      if (name.equals("-")) {
        terminal.out().write(proof.bytes(), 0, proof.bytes().length);
        terminal.out().flush();
      } else {
        Files.write(terminal.resolve(Path.of(name)), proof.bytes());
        terminal.err().println("proof of record " + index + " written to " + name);
      }
      return ExitCode.FINE;
    } catch (FormatException e) {
      terminal.err().println(terminal.style().bad("not proven: ") + e.getMessage());
      return ExitCode.WRONG;
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }
}
