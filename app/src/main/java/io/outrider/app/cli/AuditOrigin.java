package io.outrider.app.cli;

import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.LogSource;
import io.outrider.review.log.Records;
import java.io.IOException;

/// The name of a log.
final class AuditOrigin {
  private AuditOrigin() {}

  static String of(LogSource source) {
    try {
      return Records.checkpoint(source).map(Checkpoint::origin).orElse("unknown");
    } catch (FormatException e) {
      throw new Fatal("not a readable audit log: " + e.getMessage());
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }
}
