package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.anchor.Anchoring;
import io.outrider.audit.anchor.WitnessReport;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.SafeText;
import io.outrider.settings.AnchorSettings;
import java.io.IOException;

/// Asks the witnesses of the configuration once, and prints what each said.
final class WitnessRound {
  private WitnessRound() {}

  static Anchoring.Round run(Terminal terminal, AuditFolder folder) throws ConfigException {
    AnchorSettings settings = folder.anchors(terminal);
    if (settings.policy().witnesses().isEmpty()) {
      throw new Fatal("no witnesses (expected: audit.anchors.witnesses in outrider.yaml)");
    }
    try (Anchoring anchoring = new Anchoring(settings.policy(), folder.source(terminal))) {
      Anchoring.Round round =
          anchoring
              .run()
              .orElseThrow(() -> new Fatal("the log has no checkpoint yet (expected: one)"));
      for (WitnessReport report : round.reports()) {
        print(terminal, report);
      }
      return round;
    } catch (FormatException e) {
      throw new Fatal("not a readable audit log: " + e.getMessage());
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }

  private static void print(Terminal terminal, WitnessReport report) {
    boolean fine = report.trouble().isEmpty();
    terminal
        .out()
        .printf(
            "%-20s %s%n",
            SafeText.of(report.witness(), 100),
            fine
                ? terminal.style().good("cosigned")
                    + "  "
                    + report.cosigned().map(Object::toString).orElse("")
                    + ", the first "
                    + Cli.count(report.size(), "record")
                : terminal.style().bad(report.contradicts() ? "CONTRADICTS" : "failed")
                    + "  "
                    + SafeText.of(report.trouble(), 500));
  }
}
