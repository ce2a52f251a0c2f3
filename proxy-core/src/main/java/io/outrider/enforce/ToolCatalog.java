package io.outrider.enforce;

import io.outrider.jsonrpc.Json;
import io.outrider.policy.ContentSchema;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What each upstream last said about its tools, learned from the lists that pass, which are those
/// clients ask for and those [ToolQuestions] asks for. Policies see the annotations as
/// `input.tool`; the record of a call names the digest of the definition. Hints of the server, not
/// verified. Thread-safe.
public final class ToolCatalog {

  /// A hostile server must not fill memory with inventions.
  private static final int MAX_TOOLS_PER_UPSTREAM = 10_000;

  /// One tool.
  ///
  /// @param facts `title`, `annotations`, `definition_hash` as policies see them
  /// @param digest `sha256:` and the digest of the whole definition
  /// @param mirrors arguments mirrored in headers
  /// @param output what the tool promises of `structuredContent`, or null if it promises nothing
  record Tool(
      RegoObject facts,
      String digest,
      ParamMirror.Mirrors mirrors,
      @Nullable ContentSchema output) {}

  private final Map<String, Known> byUpstream = new ConcurrentHashMap<>();

  /// What is known of one upstream. A generation ends when the server says that its tools changed.
  private static final class Known {
    private final Map<String, Entry> tools = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();
  }

  private record Entry(Tool tool, long generation) {}

  private Known known(String upstream) {
    Known known = byUpstream.get(upstream);
    return known == null ? byUpstream.computeIfAbsent(upstream, u -> new Known()) : known;
  }

  /// The last definition, which may be out of date.
  @Nullable Tool find(String upstream, @Nullable String name) {
    Entry entry = name == null ? null : known(upstream).tools.get(name);
    return entry == null ? null : entry.tool;
  }

  /// The definition, if the server has not said since that its tools changed.
  @Nullable Tool current(String upstream, @Nullable String name) {
    if (name == null) {
      return null;
    }
    Known known = known(upstream);
    Entry entry = known.tools.get(name);
    return entry == null || entry.generation != known.generation.get() ? null : entry.tool;
  }

  /// The server said that its tools changed: what is known is out of date.
  void changed(String upstream) {
    known(upstream).generation.incrementAndGet();
  }

  /// Grows with each [#changed].
  long generation(String upstream) {
    return known(upstream).generation.get();
  }

  /// Learns one definition.
  ///
  /// @return the tool, and whether an earlier definition of that name was another
  Learned learn(String upstream, String name, JsonNode definition) {
    Tool tool = describe(definition);
    Known known = known(upstream);
    if (known.tools.size() >= MAX_TOOLS_PER_UPSTREAM && !known.tools.containsKey(name)) {
      return new Learned(tool, false);
    }
    Entry before = known.tools.put(name, new Entry(tool, known.generation.get()));
    return new Learned(tool, before != null && !before.tool.digest.equals(tool.digest));
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
    JsonNode output = definition.path("outputSchema");
    return new Tool(
        facts.build(),
        digest,
        ParamMirror.of(definition.path("inputSchema")),
        output.isMissingNode() ? null : ContentSchema.of(Json.bytes(output)));
  }
}
