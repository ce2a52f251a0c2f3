package io.outrider.enforce;

import io.netty.channel.EventLoop;
import io.outrider.enforce.ServerPipeline.Passage;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.session.ClientSession;
import java.util.function.Consumer;

/// Passes a judged ask of a legacy server on to its client, or declines it in the client's name.
final class Asks {

  private Asks() {}

  static void pass(
      JsonRpcMessage.Request request,
      Passage passage,
      ClientSession session,
      Forwarder forwarder,
      EventLoop loop,
      Consumer<byte[]> deliver) {
    switch (passage) {
      case Passage.Deliver ask when session.asked(request.id(), request.method()) ->
          deliver.accept(ask.bytes());
      case Passage.Deliver _ ->
          decline(
              request, "Too many open requests, or an id that is in use", session, forwarder, loop);
      case Passage.Drop drop -> decline(request, "Denied by policy", session, forwarder, loop);
    }
  }

  static void decline(
      JsonRpcMessage.Request request,
      String message,
      ClientSession session,
      Forwarder forwarder,
      EventLoop loop) {
    forwarder.tell(
        new NoticePermit(session, Rescue.decline(request.id(), message)), loop, failure -> {});
  }
}
