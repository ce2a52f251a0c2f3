package io.outrider.session;

/// Where a legacy session stands.
///
/// ```
/// Opening --onInitialized--> Open --onClosed--> Closed
///    \---------------------onClosed-------------^
/// ```
public sealed interface SessionState {

  /// `initialize` was forwarded; no answer yet.
  record Opening() implements SessionState {
    Open toOpen(String revision) {
      return new Open(revision);
    }

    Closed toClosed() {
      return new Closed();
    }
  }

  /// Both sides agreed on a revision.
  record Open(String revision) implements SessionState {
    Closed toClosed() {
      return new Closed();
    }
  }

  /// Ended by either side, by silence or by a crash. For ever.
  record Closed() implements SessionState {}
}
