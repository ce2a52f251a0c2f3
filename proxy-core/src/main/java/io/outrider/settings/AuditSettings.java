package io.outrider.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where and how firmly the record of every call is kept.
///
/// @param directory folder of the log; made when missing
/// @param durability when a call may go on
/// @param onFailure what happens to calls while the log cannot be written
/// @param payloads how much of arguments and results a record holds
/// @param retention how long records are kept; null for ever
/// @param export the receivers it is sent on to
/// @param anchors who vouches for it
public record AuditSettings(
    Path directory,
    Durability durability,
    OnFailure onFailure,
    Payloads payloads,
    @Nullable Duration retention,
    List<SinkSettings> export,
    AnchorSettings anchors) {
  /// Under the working folder, as other services keep their state.
  public static final Path DEFAULT_DIRECTORY = Path.of("var", "audit");

  public AuditSettings {
    export = List.copyOf(export);
    if (retention != null && retention.toDays() < 1) {
      throw new IllegalArgumentException("retention: " + retention + " (expected: at least a day)");
    }
  }

  /// Durable before forwarding, refusing when that fails, with redacted payloads, sent nowhere.
  public static AuditSettings in(Path directory) {
    return new AuditSettings(
        directory,
        Durability.GROUP,
        OnFailure.REFUSE,
        Payloads.REDACTED,
        null,
        List.of(),
        AnchorSettings.NONE);
  }

  /// When a call may go on.
  public enum Durability {
    /// When its intent record is on the disk; calls that arrive together share one sync.
    GROUP,
    /// When its intent record is queued: faster, and a crash may lose the last records.
    ASYNC
  }

  /// What happens to calls while the log cannot be written.
  public enum OnFailure {
    /// They are refused.
    REFUSE,
    /// They go on unrecorded; said at start, counted, and marked in the first record after.
    CONTINUE
  }

  /// How much of arguments and results a record holds.
  public enum Payloads {
    /// Nothing.
    NONE,
    /// A SHA-256 digest.
    DIGEST,
    /// The text after redaction, and its digest.
    REDACTED
  }
}
