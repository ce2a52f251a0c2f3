package io.outrider.session;

/// A request of a session that the upstream has not answered yet. Called on any thread.
public interface InFlight {

  /// The client said it no longer wants the answer.
  void cancelled();

  /// The session ended.
  void sessionEnded();
}
