package io.outrider.enforce;

/// A request under way at an upstream. Used on the event loop of its exchange.
public interface UpstreamCall {

  /// Nobody wants the answer any more: tells the server the way its era has for it, and lets go.
  void cancel();

  /// Stops reading, because the client is slow.
  void pause();

  /// Reads on.
  void resume();

  /// The exchange has ended and hears nothing more. Whatever the server still sends must not keep a
  /// connection open or a pipe paused; the server is not told that anything was cancelled.
  default void release() {}

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
