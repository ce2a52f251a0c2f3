package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.SafeText;
import io.outrider.review.index.IndexPlace;
import io.outrider.review.index.LogIndex;
import io.outrider.review.index.Progress;
import io.outrider.review.query.Query;
import io.outrider.review.query.QueryException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of commands that work on the index of a log.
final class AuditIndex {
  /// A build that takes no longer needs no words.
  private static final long QUIET_NANOS = 500_000_000;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Option(
      names = "--index",
      paramLabel = "FILE",
      description =
          "Where the index lies; it is made if missing. Default: index/audit.sqlite in the log's folder, or a cache where that cannot be written.")
  private @Nullable Path index;

  Path folder(Terminal terminal) throws ConfigException {
    folder.source(terminal);
    return folder.path(terminal);
  }

  LogSource source(Terminal terminal) throws ConfigException {
    return folder.source(terminal);
  }

  /// The index, with everything in it that is in the log now.
  LogIndex open(Terminal terminal) throws ConfigException {
    Path log = folder(terminal);
    Path file =
        index == null ? IndexPlace.of(log, terminal.environment()) : terminal.resolve(index);
    LogIndex opened = LogIndex.open(LogSource.folder(log), file);
    try {
      opened.refresh(progress(terminal));
      return opened;
    } catch (FormatException e) {
      return asFarAsRead(terminal, opened, e);
    } catch (IOException e) {
      opened.close();
      throw failed(e);
    }
  }

  /// A log that is damaged is searched up to where it is.
  private static LogIndex asFarAsRead(Terminal terminal, LogIndex opened, FormatException why) {
    try {
      long records = opened.records();
      if (records > 0) {
        terminal
            .err()
            .println(
                terminal.style().bad("the log is damaged")
                    + ": records from about "
                    + records
                    + " on cannot be read, and are not searched: "
                    + SafeText.of(String.valueOf(why.getMessage()))
                    + " (see outrider audit verify)");
        return opened;
      }
    } catch (FormatException | IOException e) {
      why.addSuppressed(e);
    }
    opened.close();
    throw failed(why);
  }

  private static Progress progress(Terminal terminal) {
    if (!terminal.interactive()) {
      return Progress.NONE;
    }
    long began = System.nanoTime();
    return (done, total) -> {
      if (System.nanoTime() - began > QUIET_NANOS) {
        terminal.err().printf("\r\u001b[Kindexing: %,d of %,d records", done, total);
        if (done >= total) {
          terminal.err().print("\r\u001b[K");
        }
      }
    };
  }

  static Fatal failed(Exception e) {
    return e instanceof IOException io
        ? new Fatal(Messages.of(io))
        : new Fatal("not a readable audit log: " + e.getMessage());
  }

  static Query query(List<String> words) {
    try {
      return Query.parse(String.join(" ", words).strip(), Instant.now());
    } catch (QueryException e) {
      throw new Fatal("query: " + e.withCaret());
    }
  }
}
