package io.outrider.sinks;

import java.io.IOException;

/// A receiver of the log. Used by one thread at a time; must give up by itself when the other side
/// does not answer.
///
/// Records come in order, at least once: after a failure or a restart some come again, with the
/// same origin and index.
public interface Sink extends AutoCloseable {

  /// Hands records over. When it returns, the receiver has them, as far as its protocol can say.
  ///
  /// @throws Refused if the receiver will not take what was sent, however often it is sent
  /// @throws IOException if it may take it later
  void deliver(Delivery delivery) throws IOException, Refused, InterruptedException;

  /// How far the records surely are at the receiver, when all before `sent` were delivered. Less
  /// than `sent` where a protocol knows no acknowledgement; what lies between is sent again after a
  /// failure.
  default long safe(long sent) {
    return sent;
  }

  /// Looks after the connection while there is nothing to send.
  ///
  /// @throws IOException if it is lost, and with it what is not [#safe(long)]
  default void check() throws IOException, InterruptedException {}

  @Override
  void close();
}
