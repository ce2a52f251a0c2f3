package io.outrider.enforce;

import io.outrider.redaction.JsonString;
import io.outrider.redaction.Scope;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which strings of an MCP message may be edited: everything but what the protocol itself reads,
/// what is opaque to all but its maker, and media.
///
/// The choice is by exclusion on purpose: a text-bearing member nobody thought of is redacted. So
/// are words with few values, such as `type`: a real one never looks like a secret. A secret in the
/// name of what is asked for blocks; one in what is opaque passes and is told.
final class McpScope implements Scope {

  static final McpScope INSTANCE = new McpScope();

  /// Members of the message that steer the protocol.
  private static final Set<String> ENVELOPE = Set.of("jsonrpc", "id", "method");

  /// Members of `params` and `result` that a peer compares byte for byte.
  private static final Set<String> OPAQUE =
      Set.of(
          "requestState",
          "cursor",
          "nextCursor",
          "taskId",
          "progressToken",
          "requestId",
          "elicitationId");

  private McpScope() {}

  @Override
  public boolean includes(JsonString string) {
    List<String> at = string.segments();
    if (at.isEmpty()) {
      return true;
    }
    String first = at.getFirst();
    if (at.size() == 1 && ENVELOPE.contains(first)) {
      return false;
    }
    if (!first.equals("params") && !first.equals("result")) {
      return true; // error.message, error.data
    }
    if (at.size() >= 2) {
      String second = at.get(1);
      if (second.equals("arguments")
          || second.equals("structuredContent")
          || second.equals("inputResponses")) {
        return true; // all of it belongs to the tool: no word in it is the protocol's
      }
      if (at.size() == 2 && (OPAQUE.contains(second) || isName(at))) {
        return false;
      }
      if (second.equals("_meta") && at.size() == 3 && isProtocolMeta(at.get(2))) {
        return false;
      }
    }
    return !isMedia(string);
  }

  @Override
  public Otherwise otherwise(JsonString string) {
    if (isMedia(string)) {
      return Otherwise.IGNORE;
    }
    return isName(string.segments()) ? Otherwise.BLOCK : Otherwise.ALERT;
  }

  /// Whether this says what a request is about: the method, a tool or prompt, a resource.
  private static boolean isName(List<String> at) {
    return switch (at.size()) {
      case 1 -> at.getFirst().equals("method");
      case 2 ->
          at.getFirst().equals("params") && (at.get(1).equals("name") || at.get(1).equals("uri"));
      default -> false;
    };
  }

  private static boolean isProtocolMeta(String name) {
    return name.equals("progressToken")
        || name.equals("traceparent")
        || name.startsWith("io.modelcontextprotocol/");
  }

  /// Base64 of pictures, sound and other non-text: masking inside would only break it.
  private static boolean isMedia(JsonString string) {
    String key = string.key().orElse("");
    if (key.equals("data")) {
      String type = string.sibling("type").orElse("");
      return (type.equals("image") || type.equals("audio"))
          && string.sibling("mimeType").orElse("").startsWith(type + "/");
    }
    if (key.equals("blob")) {
      return string.sibling("uri").isPresent() && !isText(string.sibling("mimeType").orElse(""));
    }
    // Icons are pictures given in place.
    return key.equals("src") && string.segments().contains("icons");
  }

  private static boolean isText(String mimeType) {
    String type = mimeType.toLowerCase(Locale.ROOT);
    return type.startsWith("text/")
        || type.contains("json")
        || type.contains("xml")
        || type.contains("yaml");
  }
}
