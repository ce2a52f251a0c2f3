package io.outrider.app.console;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/// Somebody who looks at the log, from the first request to half an hour after the last.
final class Visitor {
  /// Calls whose opening was recorded; after so many each opening is recorded again.
  private static final int REMEMBERED = 10_000;

  private final String who;
  private final String address;
  private final Instant since;
  private final Set<String> opened = new HashSet<>();
  private volatile Instant seen;

  Visitor(String who, String address, Instant since) {
    this.who = who;
    this.address = address;
    this.since = since;
    this.seen = since;
  }

  /// The name that stands in the log.
  String who() {
    return who;
  }

  String address() {
    return address;
  }

  Instant since() {
    return since;
  }

  Instant seen() {
    return seen;
  }

  void seen(Instant now) {
    seen = now;
  }

  /// Whether it is recorded already that the visitor opened a call or a record.
  boolean hasOpened(String what) {
    synchronized (opened) {
      return opened.contains(what);
    }
  }

  /// Remembers that it is recorded.
  void opened(String what) {
    synchronized (opened) {
      if (opened.size() >= REMEMBERED) {
        opened.clear();
      }
      opened.add(what);
    }
  }
}
