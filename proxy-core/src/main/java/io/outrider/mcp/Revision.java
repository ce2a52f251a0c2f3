package io.outrider.mcp;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A protocol revision this proxy can judge.
public enum Revision {
  V2024_11_05("2024-11-05", Era.LEGACY),
  V2025_03_26("2025-03-26", Era.LEGACY),
  V2025_06_18("2025-06-18", Era.LEGACY),
  V2025_11_25("2025-11-25", Era.LEGACY),
  V2026_07_28("2026-07-28", Era.MODERN);

  private static final Revision[] ALL = values();

  private final String text;
  private final Era era;

  Revision(String text, Era era) {
    this.text = text;
    this.era = era;
  }

  /// The date that names it on the wire.
  public String text() {
    return text;
  }

  public Era era() {
    return era;
  }

  public static Optional<Revision> of(String text) {
    for (Revision r : ALL) {
      if (r.text.equals(text)) {
        return Optional.of(r);
      }
    }
    return Optional.empty();
  }

  /// The revisions of one era, newest first, as a refusal lists them.
  public static List<String> texts(Era era) {
    return Arrays.stream(ALL).filter(r -> r.era == era).map(Revision::text).toList().reversed();
  }
}
