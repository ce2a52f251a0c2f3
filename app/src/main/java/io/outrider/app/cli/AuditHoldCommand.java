package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.record.Event;
import io.outrider.audit.verify.CustodyRecords;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.SafeText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "hold",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Legal holds: while one is in force, no value of its records is erased and nothing from its first record on is pruned.")
final class AuditHoldCommand {
  private AuditHoldCommand() {}

  static CommandLine of(Terminal terminal) {
    return new CommandLine(new AuditHoldCommand())
        .addSubcommand("list", new ListHolds(terminal))
        .addSubcommand("place", new Place(terminal))
        .addSubcommand("release", new Release(terminal));
  }

  @Command(
      name = "place",
      mixinStandardHelpOptions = true,
      description = "Place a hold on records. Its number is that of the record that says so.")
  static final class Place implements Callable<Integer> {
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,18})(\\.\\.([0-9]{1,18})?)?");

    private final Terminal terminal;

    @Mixin private final AuditFolder folder = new AuditFolder();

    @Mixin private final CustodyNote note = new CustodyNote();

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Why; stands in the log.")
    private String reason = "";

    @Parameters(
        paramLabel = "A..B",
        description = "Records, both inclusive; A.. for all from A on, those to come included.")
    private String range = "";

    Place(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws ConfigException {
      Matcher parts = RANGE.matcher(range);
      if (!parts.matches()) {
        throw new Fatal("range: " + range + " (expected: A..B, A.. or A)");
      }
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put(CustodyEvent.FIRST, parts.group(1));
      String last = parts.group(2) == null ? parts.group(1) : parts.group(3);
      if (last != null) {
        facts.put(CustodyEvent.LAST, last);
      }
      facts.put(CustodyEvent.REASON, reason);
      folder.source(terminal); // says so if there is no log
      return note.ask(
          terminal,
          folder.path(terminal),
          Event.Kind.HOLD,
          facts,
          by -> "hold " + by + " is on " + range);
    }
  }

  @Command(name = "release", mixinStandardHelpOptions = true, description = "End a hold.")
  static final class Release implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private final AuditFolder folder = new AuditFolder();

    @Mixin private final CustodyNote note = new CustodyNote();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; stands in the log.")
    private String reason = "";

    @Parameters(paramLabel = "HOLD", description = "Its number, as list shows it.")
    private long hold;

    Release(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws ConfigException {
      folder.source(terminal);
      return note.ask(
          terminal,
          folder.path(terminal),
          Event.Kind.RELEASE,
          Map.of(CustodyEvent.HOLD, Long.toString(hold), CustodyEvent.REASON, reason),
          by -> "hold " + hold + " is released");
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Show the holds in force.")
  static final class ListHolds implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private final AuditFolder folder = new AuditFolder();

    @Option(
        names = {"-f", "--format"},
        description = "pretty, or json: one hold a line. Default: ${DEFAULT-VALUE}")
    private OutputFormat format = OutputFormat.pretty;

    ListHolds(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws ConfigException {
      try {
        LogSource source = folder.source(terminal);
        Custody custody = CustodyRecords.read(source);
        for (Custody.Hold hold : custody.holds()) {
          String time = PrunedRecords.time(source, hold.event());
          terminal
              .out()
              .println(format == OutputFormat.json ? json(hold, time) : pretty(hold, time));
        }
        if (custody.holds().isEmpty() && format == OutputFormat.pretty) {
          terminal.out().println("no hold is in force");
        }
        return ExitCode.FINE;
      } catch (FormatException e) {
        throw new Fatal("not a readable audit log: " + e.getMessage());
      } catch (IOException e) {
        throw new Fatal(Messages.of(e));
      }
    }

    private static String range(Custody.Hold hold) {
      return hold.first() + ".." + (hold.last() == Long.MAX_VALUE ? "" : hold.last());
    }

    private static String pretty(Custody.Hold hold, String time) {
      Map<String, String> facts = hold.event().facts();
      return "hold "
          + hold.id()
          + "  "
          + range(hold)
          + "  "
          + time
          + "  "
          + SafeText.of(facts.getOrDefault(CustodyEvent.BY, ""), 80)
          + "  \""
          + SafeText.of(facts.getOrDefault(CustodyEvent.REASON, ""), 200)
          + "\"";
    }

    private static String json(Custody.Hold hold, String time) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("hold", hold.id());
      json.put("range", range(hold));
      json.put("time", time);
      json.put("facts", hold.event().facts());
      return SafeText.json(JsonMapper.shared().writeValueAsString(json));
    }
  }
}
