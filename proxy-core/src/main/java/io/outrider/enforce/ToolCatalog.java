package io.outrider.enforce;

import io.outrider.jsonrpc.Json;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What each upstream last said about its tools, learned from the lists that pass. Policies see the
/// annotations as `input.tool`; the record of a call names the digest of the definition. Hints of
/// the server, not verified. Thread-safe.
public final class ToolCatalog {

  /// A hostile server must not fill memory with inventions.
  private static final int MAX_TOOLS_PER_UPSTREAM = 10_000;

  /// One tool.
  ///
  /// @param facts `title`, `annotations`, `definition_hash` as policies see them
  /// @param digest `sha256:` and the digest of the whole definition
  /// @param mirrors arguments mirrored in headers
  record Tool(RegoObject facts, String digest, ParamMirror.Mirrors mirrors) {}

  private final Map<String, Map<String, Tool>> byUpstream = new ConcurrentHashMap<>();

  @Nullable Tool find(String upstream, @Nullable String name) {
    Map<String, Tool> tools = byUpstream.get(upstream);
    return tools == null || name == null ? null : tools.get(name);
  }

  /// Learns one definition.
  ///
  /// @return the tool, and whether an earlier definition of that name was another
  Learned learn(String upstream, String name, JsonNode definition) {
    Tool tool = describe(definition);
    Map<String, Tool> tools = byUpstream.computeIfAbsent(upstream, u -> new ConcurrentHashMap<>());
    if (tools.size() >= MAX_TOOLS_PER_UPSTREAM && !tools.containsKey(name)) {
      return new Learned(tool, false);
    }
    Tool before = tools.put(name, tool);
    return new Learned(tool, before != null && !before.digest.equals(tool.digest));
  }

  record Learned(Tool tool, boolean changed) {}

  private static Tool describe(JsonNode definition) {
    String digest = "sha256:" + Digests.sha256(Json.bytes(definition));
    RegoObject.Builder facts = RegoObject.builder();
    facts.put("definition_hash", digest);
    if (definition.path("title").isString()) {
      facts.put("title", definition.path("title").stringValue());
    }
    if (definition.path("annotations") instanceof ObjectNode annotations) {
      RegoValue hints = RegoJson.read(Json.bytes(annotations));
      facts.put("annotations", hints);
    }
    return new Tool(facts.build(), digest, ParamMirror.of(definition.path("inputSchema")));
  }
}
