package io.outrider.enforce;

import io.outrider.call.Call;
import io.outrider.jsonrpc.Json;
import io.outrider.mcp.Era;
import io.outrider.policy.Visibility;
import io.outrider.policy.value.RegoObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Leaves in a list only what the policy could allow this principal with some arguments, and learns
/// what the list says about tools. The order stays as the server gave it.
final class ListFilter {

  private static final Logger log = LoggerFactory.getLogger(ListFilter.class);

  private final ToolCatalog tools;
  private final Transports transports;
  private final ToolChanges changes;

  /// Told when a tool's definition is another than before.
  @FunctionalInterface
  interface ToolChanges {
    void changed(String upstream, String tool, String digest);
  }

  ListFilter(ToolCatalog tools, Transports transports, ToolChanges changes) {
    this.tools = tools;
    this.transports = transports;
    this.changes = changes;
  }

  /// What a list holds and which request each entry leads to.
  private record Shape(String member, String nameMember, String method) {}

  private static @Nullable Shape shape(Call call) {
    return switch (call.method()) {
      case TOOLS_LIST -> new Shape("tools", "name", "tools/call");
      case PROMPTS_LIST -> new Shape("prompts", "name", "prompts/get");
      case RESOURCES_LIST -> new Shape("resources", "uri", "resources/read");
      // A template has no URI yet; each read is judged by its own.
      default -> null;
    };
  }

  /// @return the bytes to deliver; the same array when nothing had to change
  byte[] filter(Call call, Rules rules, byte[] bytes) {
    Shape shape = shape(call);
    if (shape == null) {
      return bytes;
    }
    ObjectNode message = Json.tree(bytes);
    if (!(message.path("result") instanceof ObjectNode result)
        || !(result.path(shape.member()) instanceof ArrayNode entries)) {
      return bytes;
    }
    ArrayNode kept = Json.object().arrayNode();
    for (JsonNode entry : entries) {
      if (isVisible(call, rules, shape, entry)) {
        kept.add(entry);
      }
    }
    boolean cacheable =
        call.era() == Era.MODERN && result.path("cacheScope").asString("").equals("public");
    if (kept.size() == entries.size() && !cacheable) {
      return bytes;
    }
    result.set(shape.member(), kept);
    if (cacheable) {
      // Another principal may see another list.
      result.put("cacheScope", "private");
    }
    return Json.bytes(message);
  }

  private boolean isVisible(Call call, Rules rules, Shape shape, JsonNode entry) {
    JsonNode name = entry.path(shape.nameMember());
    if (!name.isString()) {
      return false; // what has no name cannot be called, nor judged
    }
    ToolCatalog.Tool tool = null;
    if (shape.member().equals("tools")) {
      ToolCatalog.Learned learned = tools.learn(call.upstream(), name.stringValue(), entry);
      tool = learned.tool();
      if (tool.mirrors().problem() != null) {
        log.atWarn()
            .addKeyValue("upstream", call.upstream())
            .addKeyValue("tool", name.stringValue())
            .log("left a tool out of the list: " + tool.mirrors().problem());
        return false;
      }
      if (learned.changed()) {
        changes.changed(call.upstream(), name.stringValue(), tool.digest());
      }
    }
    if (rules.shadow()) {
      return true;
    }
    RegoObject input =
        PolicyInput.listed(
            call, shape.method(), name.stringValue(), tool, transports.of(call.upstream()));
    return switch (rules.policy().visibility(input)) {
      case Visibility.Visible _ -> true;
      case Visibility.Hidden _ -> false;
    };
  }
}
