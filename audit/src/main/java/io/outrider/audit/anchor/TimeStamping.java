package io.outrider.audit.anchor;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.PublishedLog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Has checkpoints stamped with the time now and then. Not thread-safe.
public final class TimeStamping {
  private final List<TimeStamper> stampers;
  private final PublishedLog published;
  private final AnchorFiles files;
  private final Duration interval;
  private final InstantSource clock;
  private final Map<String, Instant> next = new HashMap<>();
  private final Map<String, byte[]> last = new HashMap<>();
  private final Map<String, String> troubles = new HashMap<>();

  /// @param interval between two stamps of one authority
  public TimeStamping(
      List<TimeStamper> stampers,
      LogSource source,
      AnchorFiles files,
      Duration interval,
      InstantSource clock) {
    this.stampers = List.copyOf(stampers);
    this.published = new PublishedLog(source);
    this.files = files;
    this.interval = interval;
    this.clock = clock;
  }

  /// Stamps the present checkpoint by each authority whose turn it is and that has not stamped it
  /// yet.
  public void run() throws IOException, FormatException {
    if (stampers.isEmpty()) {
      return;
    }
    Optional<PublishedLog.Signed> signed = published.checkpoint();
    if (signed.isEmpty()) {
      return;
    }
    byte[] note = signed.get().note();
    Instant now = clock.instant();
    for (TimeStamper stamper : stampers) {
      Instant due = next.getOrDefault(stamper.name(), Instant.MIN);
      if (!now.isBefore(due) && !Arrays.equals(last.get(stamper.name()), note)) {
        stamp(stamper, note, now);
      }
    }
  }

  private void stamp(TimeStamper stamper, byte[] note, Instant now) {
    try {
      files.timeStamp(stamper.name(), now, note, stamper.stamp(note));
      last.put(stamper.name(), note);
      next.put(stamper.name(), now.plus(interval));
      troubles.put(stamper.name(), "");
    } catch (IOException e) {
      troubles.put(stamper.name(), String.valueOf(e.getMessage()));
    }
  }

  /// What is wrong with each authority that was asked; empty text if nothing is.
  public Map<String, String> troubles() {
    return Map.copyOf(troubles);
  }
}
