package io.outrider.enforce;

import io.outrider.session.ClientSession;

/// The proof that a notification or an answer of a client may go to its upstream. Only this package
/// makes one.
public final class NoticePermit {

  private final ClientSession session;
  private final byte[] bytes;

  NoticePermit(ClientSession session, byte[] bytes) {
    this.session = session;
    this.bytes = bytes;
  }

  public ClientSession session() {
    return session;
  }

  /// The message to send, redacted.
  public byte[] bytes() {
    return bytes;
  }
}
