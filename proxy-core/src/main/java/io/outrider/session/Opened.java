package io.outrider.session;

import io.outrider.call.Call;
import io.outrider.call.Principal;
import io.outrider.call.Refusal;
import io.outrider.call.Source;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.mcp.Era;
import org.jspecify.annotations.Nullable;

/// What a message from a client turned out to be.
public sealed interface Opened {

  /// A request to be judged.
  ///
  /// @param session the legacy session it belongs to, opening if it is `initialize`; null in the
  ///   modern era
  record Request(Call call, @Nullable ClientSession session) implements Opened {}

  /// A notification of a legacy session to be passed on.
  record Notice(JsonRpcMessage.Notification message, ClientSession session, Source source)
      implements Opened {}

  /// The answer to something the server asked.
  ///
  /// @param asked the method the server asked
  record Answer(JsonRpcMessage message, String asked, ClientSession session, Source source)
      implements Opened {}

  /// A modern client on a pipe takes a request back; over HTTP it closes the stream instead.
  record Cancel(JsonRpcId id) implements Opened {}

  /// Nothing to do, on purpose: accepted and dropped.
  record Nothing(String why) implements Opened {}

  /// Not acceptable.
  ///
  /// @param era whose conventions the answer follows
  /// @param id the request id, when it could be read
  /// @param method the method on the wire, when it could be read
  record Refused(
      Refusal refusal, Era era, @Nullable JsonRpcId id, @Nullable String method, Inbound inbound)
      implements Opened {
    public Principal principal() {
      return inbound.principal();
    }

    /// Whether JSON-RPC has an answer for it: for a request, and for what could not be read as any
    /// message; not for a notification, nor for a response.
    public boolean isAnswerable() {
      return id != null
          || (method == null
              && refusal instanceof Refusal.Malformed malformed
              && (malformed.fault() == Refusal.Fault.NOT_JSON
                  || malformed.fault() == Refusal.Fault.NOT_A_MESSAGE));
    }
  }
}
