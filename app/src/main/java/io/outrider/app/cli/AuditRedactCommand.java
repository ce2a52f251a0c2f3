package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.Opening;
import io.outrider.audit.record.Event;
import io.outrider.audit.verify.CustodyRecords;
import io.outrider.audit.verify.KeptValues;
import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "redact",
    mixinStandardHelpOptions = true,
    description = {
      "Erase the values kept for a record, with their salts, for good. All proofs stay valid; the record itself, which holds commitments only, stays.",
      "Refused while a legal hold covers the record. Works while the proxy runs."
    },
    footer = "Exit status: 0 erased, 1 refused, 2 not possible.")
final class AuditRedactCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Mixin private final CustodyNote note = new CustodyNote();

  @Option(
      names = "--field",
      paramLabel = "FIELD",
      description = "Only this value, such as in.text or res.text. Default: all of the record.")
  private @Nullable String field;

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; stands in the log.")
  private String reason = "";

  @Parameters(paramLabel = "RECORD", description = "The number of the record.")
  private long index;

  AuditRedactCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    List<String> kept = kept(folder.source(terminal));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(CustodyEvent.RECORD, Long.toString(index));
    facts.put(CustodyEvent.REASON, reason);
    if (field != null) {
      facts.put(CustodyEvent.FIELD, field);
    }
    String what = field == null ? String.join(", ", kept) : field;
    return note.ask(
        terminal,
        folder.path(terminal),
        Event.Kind.REDACT,
        facts,
        by -> what + " of record " + index + " erased");
  }

  private List<String> kept(LogSource source) {
    try {
      Leaf leaf =
          CustodyRecords.leaf(source, index)
              .orElseThrow(() -> new Fatal("no record " + index + " in this log"));
      List<String> kept = KeptValues.of(source, leaf).stream().map(Opening::field).toList();
      if (field == null ? kept.isEmpty() : !kept.contains(field)) {
        throw new Fatal(
            "record "
                + index
                + " keeps no value"
                + (field == null ? "" : " " + field + " (expected: one of " + kept + ")")
                + erasedBefore(source));
      }
      return kept;
    } catch (FormatException e) {
      throw new Fatal("not a readable audit log: " + e.getMessage());
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }

  private String erasedBefore(LogSource source) throws IOException, FormatException {
    List<CustodyEvent> erasures = CustodyRecords.read(source).erasures(index);
    return erasures.isEmpty() ? "" : "; it was erased by record " + erasures.getLast().index();
  }
}
