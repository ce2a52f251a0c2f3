package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.anchor.AnchorFiles;
import io.outrider.audit.anchor.Anchoring;
import io.outrider.audit.anchor.TimeStamping;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.store.FileOps;
import io.outrider.audit.verify.Anchor;
import io.outrider.audit.verify.AnchorStatus;
import io.outrider.audit.verify.SafeText;
import io.outrider.review.timestamp.Authorities;
import io.outrider.review.timestamp.TimeStampReader;
import io.outrider.review.timestamp.TsaClient;
import io.outrider.settings.AnchorSettings;
import io.outrider.sinks.Export;
import io.outrider.sinks.SinkPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "anchor",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Who vouches for the log (audit.anchors in outrider.yaml), and since when.")
final class AuditAnchorCommand {
  private AuditAnchorCommand() {}

  static CommandLine of(Terminal terminal) {
    return new CommandLine(new AuditAnchorCommand())
        .addSubcommand("now", new Now(terminal))
        .addSubcommand("status", new Status(terminal));
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = {
        "Show who vouched for the log last, when and for how many records, from the log's own folder.",
        "Exit code 1 if the quorum of the configuration is not met by what is there."
      })
  static final class Status implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private final AuditFolder folder = new AuditFolder();

    @Option(
        names = {"-f", "--format"},
        description = "pretty or json. Default: ${DEFAULT-VALUE}")
    private OutputFormat format = OutputFormat.pretty;

    Status(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws ConfigException {
      AnchorSettings settings = folder.anchors(terminal);
      try {
        AnchorStatus status =
            AnchorStatus.read(
                folder.source(terminal),
                Optional.of(settings.policy()),
                List.of(new TimeStampReader(Optional.empty())));
        if (format == OutputFormat.json) {
          terminal
              .out()
              .println(SafeText.json(JsonMapper.shared().writeValueAsString(json(status))));
        } else {
          print(settings, status, buckets(folder.path(terminal)));
        }
        return status.quorumMet() ? ExitCode.FINE : ExitCode.WRONG;
      } catch (FormatException e) {
        throw new Fatal("not a readable audit log: " + e.getMessage());
      } catch (IOException e) {
        throw new Fatal(Messages.of(e));
      }
    }

    private void print(AnchorSettings settings, AnchorStatus status, List<SinkPosition> buckets) {
      terminal
          .out()
          .println("log      " + SafeText.of(status.origin()) + ", size " + status.size());
      for (Anchor anchor : status.anchors()) {
        terminal
            .out()
            .println(
                "anchor   "
                    + SafeText.of(anchor.time() + "  " + anchor.kind() + " " + anchor.by(), 400)
                    + ", the first "
                    + Cli.count(anchor.size(), "record")
                    + ", "
                    + Cli.count(status.size() - anchor.size(), "record")
                    + " since"
                    + (anchor.checked()
                        ? ""
                        : terminal.style().warn("  unchecked: its key is not configured")));
      }
      if (status.anchors().isEmpty()) {
        terminal.out().println("anchors  none");
      }
      for (SinkPosition bucket : buckets) {
        terminal
            .out()
            .println(
                "bucket   "
                    + SafeText.of(bucket.name(), 100)
                    + ", the first "
                    + Cli.count(Math.max(0, bucket.next()), "record")
                    + ", "
                    + bucket.state());
      }
      terminal
          .out()
          .println(
              "quorum   "
                  + settings.policy().quorum()
                  + ": "
                  + (status.quorumMet()
                      ? terminal.style().good("met")
                      : terminal.style().bad("not met")));
    }

    /// Mirrors in S3; where the bucket has Object Lock, nobody can take back what is there.
    private static List<SinkPosition> buckets(Path log) throws IOException {
      return Export.positions(log).stream().filter(sink -> sink.kind().equals("s3")).toList();
    }

    private static Map<String, Object> json(AnchorStatus status) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("origin", status.origin());
      json.put("size", status.size());
      json.put("quorum_met", status.quorumMet());
      json.put("anchors", status.anchors().stream().map(VerificationText::json).toList());
      return json;
    }
  }

  @Command(
      name = "now",
      mixinStandardHelpOptions = true,
      description = {
        "Ask all witnesses and time-stamping authorities of the configuration for their word on the log's checkpoint, and keep what they answer.",
        "Works while the log is in use. Exit code 1 if fewer cosigned than the quorum asks for."
      })
  static final class Now implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private final AuditFolder folder = new AuditFolder();

    Now(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws ConfigException {
      AnchorSettings settings = folder.anchors(terminal);
      if (!settings.any()) {
        throw new Fatal("nobody to ask (expected: audit.anchors in outrider.yaml)");
      }
      boolean stamped = stamp(settings);
      if (settings.policy().witnesses().isEmpty()) {
        return stamped ? ExitCode.FINE : ExitCode.WRONG;
      }
      return cosign() && stamped ? ExitCode.FINE : ExitCode.WRONG;
    }

    private boolean cosign() throws ConfigException {
      Anchoring.Round round = WitnessRound.run(terminal, folder);
      try {
        if (round.cosigned().isPresent() && (round.quorum() || isFirst())) {
          files().cosigned(round.cosigned().get());
        }
      } catch (IOException e) {
        throw new Fatal(Messages.of(e));
      }
      terminal
          .out()
          .println(
              round.quorum()
                  ? terminal.style().good("anchored")
                      + ": "
                      + Cli.count(round.checkpoint().size(), "record")
                  : terminal.style().bad("not anchored") + ": too few cosigned");
      return round.quorum();
    }

    private boolean stamp(AnchorSettings settings) throws ConfigException {
      boolean fine = true;
      for (AnchorSettings.Authority authority : settings.authorities()) {
        try (TsaClient client =
            new TsaClient(authority.name(), authority.url(), Authorities.read(authority.ca()))) {
          TimeStamping stamping =
              new TimeStamping(
                  List.of(client),
                  folder.source(terminal),
                  files(),
                  settings.stampInterval(),
                  InstantSource.system());
          stamping.run();
          String trouble = stamping.troubles().getOrDefault(authority.name(), "no checkpoint yet");
          fine &= trouble.isEmpty();
          terminal
              .out()
              .printf(
                  "%-20s %s%n",
                  authority.name(),
                  trouble.isEmpty()
                      ? terminal.style().good("stamped")
                      : terminal.style().bad("failed") + "  " + SafeText.of(trouble, 500));
        } catch (FormatException e) {
          throw new Fatal("not a readable audit log: " + e.getMessage());
        } catch (IOException e) {
          throw new Fatal(authority.name() + ": " + Messages.of(e));
        }
      }
      return fine;
    }

    private AnchorFiles files() throws ConfigException {
      return new AnchorFiles(FileOps.real(), folder.path(terminal));
    }

    /// Fewer than enough are better than none, and worse than enough of a while ago.
    private boolean isFirst() throws ConfigException, IOException {
      return folder.source(terminal).read(Anchoring.COSIGNED).isEmpty();
    }
  }
}
