package io.outrider.enforce;

import io.netty.channel.EventLoop;
import io.outrider.call.Failure;
import io.outrider.session.ClientSession;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The only way to an upstream. Every method that sends takes a permit.
public interface Forwarder {

  /// Sends a request. The exchange hears every message that belongs to it, and its end, on its
  /// loop.
  UpstreamCall forward(Permit permit, Exchange exchange);

  /// Sends a notification or an answer. `then` hears on `loop`: null when the server took it.
  void tell(NoticePermit permit, EventLoop loop, Consumer<@Nullable Failure> then);

  /// Attaches the stream on which a legacy server speaks unasked.
  ///
  /// @param lastEventId where to resume, or null
  UpstreamCall listen(ClientSession session, @Nullable String lastEventId, ServerStream stream);

  /// Ends the server's side of a session. `then` hears on `loop` the HTTP status to answer with.
  void close(ClientSession session, EventLoop loop, Consumer<Integer> then);
}
