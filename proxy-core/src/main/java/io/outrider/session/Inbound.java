package io.outrider.session;

import io.outrider.call.Principal;
import io.outrider.call.Source;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One message from a client before anyone has understood it.
///
/// @param upstream which server the client addressed
/// @param body the message's bytes
/// @param headers the headers MCP gives a meaning, names in lower case, or null on a transport that
///   has none
/// @param pipeSession the session of a pipe, which is bound to its connection and not to a header
public record Inbound(
    String upstream,
    Principal principal,
    Source source,
    byte[] body,
    @Nullable Map<String, List<String>> headers,
    @Nullable ClientSession pipeSession) {}
