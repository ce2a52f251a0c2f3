package io.outrider.enforce;

/// A request under way at an upstream. Used on the event loop of its exchange.
public interface UpstreamCall {

  /// Nobody wants the answer any more: tells the server the way its era has for it, and lets go.
  void cancel();

  /// Stops reading, because the client is slow.
  void pause();

  /// Reads on.
  void resume();

  /// A request that never left.
  UpstreamCall NONE =
      new UpstreamCall() {
        @Override
        public void cancel() {}

        @Override
        public void pause() {}

        @Override
        public void resume() {}
      };
}
