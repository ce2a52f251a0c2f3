package io.outrider.session;

import io.outrider.call.Call;
import io.outrider.call.Refusal;
import io.outrider.mcp.HeaderValue;
import io.outrider.mcp.McpHeaders;
import io.outrider.mcp.McpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Compares the mirrored headers of a modern HTTP request with its body (2026-07-28, transports,
/// "standard headers"). On a transport without headers everything passes.
final class MirrorCheck {

  private final @Nullable Map<String, List<String>> headers;
  private final List<Call.ParamHeader> params = new ArrayList<>();

  private MirrorCheck(@Nullable Map<String, List<String>> headers) {
    this.headers = headers;
  }

  static MirrorCheck of(@Nullable Map<String, List<String>> headers) {
    return new MirrorCheck(headers);
  }

  @Nullable Refusal version(String body) {
    return headers == null
        ? null
        : equal("MCP-Protocol-Version", McpHeaders.PROTOCOL_VERSION, body, false);
  }

  @Nullable Refusal method(String body) {
    return headers == null ? null : equal("Mcp-Method", McpHeaders.METHOD, body, false);
  }

  @Nullable Refusal name(McpMethod method, @Nullable String body) {
    if (headers == null || !method.mirrorsName() || body == null) {
      return null;
    }
    return equal("Mcp-Name", McpHeaders.NAME, body, true);
  }

  /// `Mcp-Param-*` headers must be single and decodable; which of them a tool's schema asks for is
  /// the server's to check.
  @Nullable Refusal params() {
    if (headers == null) {
      return null;
    }
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      if (!header.getKey().startsWith(McpHeaders.PARAM_PREFIX)) {
        continue;
      }
      if (header.getValue().size() > 1) {
        return repeated(header.getKey(), header.getValue().size());
      }
      Optional<String> value = HeaderValue.decode(header.getValue().getFirst());
      if (value.isEmpty()) {
        return new Refusal.HeaderMismatch(header.getKey(), "found a value that does not decode");
      }
      params.add(new Call.ParamHeader(header.getKey(), value.get()));
    }
    return null;
  }

  List<Call.ParamHeader> paramHeaders() {
    return params;
  }

  private @Nullable Refusal equal(String shown, String key, String body, boolean encoded) {
    List<String> values = Objects.requireNonNull(headers).getOrDefault(key, List.of());
    if (values.isEmpty()) {
      return new Refusal.HeaderMismatch(
          shown, "found no " + shown + " header (expected: what the body says)");
    }
    if (values.size() > 1) {
      return repeated(shown, values.size());
    }
    Optional<String> value =
        encoded ? HeaderValue.decode(values.getFirst()) : Optional.of(values.getFirst());
    return value.isPresent() && value.get().equals(body)
        ? null
        : new Refusal.HeaderMismatch(
            shown, "found a " + shown + " header that differs from the body");
  }

  private static Refusal repeated(String header, int times) {
    return new Refusal.HeaderMismatch(
        header, "found the header " + header + " " + times + " times (expected: once)");
  }
}
