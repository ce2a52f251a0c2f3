package io.outrider.enforce;

import io.outrider.call.Call;
import io.outrider.call.ClientInfo;
import io.outrider.call.Principal;
import io.outrider.call.Source;
import io.outrider.mcp.Era;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import io.outrider.session.ClientSession;
import io.outrider.settings.RedactionSettings.Direction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Builds the document policies see: `outrider.input/1` (policies/schema). What is unknown is
/// absent, never null; what a peer says about itself stands under a name ending in `_info`.
final class PolicyInput {

  private static final RegoString SCHEMA = RegoString.of("outrider.input/1");
  private static final RegoString REQUEST = RegoString.of("request");

  private static final String[] COMMON = {
    "schema", "phase", "request_id", "time", "backend", "principal", "agent", "source"
  };
  private static final String[] MAYBE = {"session", "arguments", "tool"};

  /// Layouts of the input of a request, by which of [#MAYBE] are there: this document is made for
  /// every call.
  private static final List<RegoObject.Shape> REQUESTS = requestShapes();

  private static final RegoObject.Shape TIME = RegoObject.Shape.of("ns");
  private static final RegoObject.Shape BACKEND = RegoObject.Shape.of("id", "transport");
  private static final RegoObject.Shape MCP =
      RegoObject.Shape.of("era", "revision", "method", "bytes");
  private static final RegoObject.Shape MCP_NAME =
      RegoObject.Shape.of("era", "revision", "method", "bytes", "name");
  private static final RegoObject.Shape MCP_URI =
      RegoObject.Shape.of("era", "revision", "method", "bytes", "uri");
  private static final RegoObject.Shape SESSION = RegoObject.Shape.of("id");

  // What comes again with every call of a client. The transport is part of an upstream's settings.
  private static final Memo<Principal, RegoObject> PRINCIPALS = new Memo<>();
  private static final Memo<ClientInfo, RegoObject> AGENTS = new Memo<>();
  private static final Memo<Source, RegoObject> SOURCES = new Memo<>();
  private static final Memo<String, RegoObject> SESSIONS = new Memo<>();

  private PolicyInput() {}

  private static List<RegoObject.Shape> requestShapes() {
    List<RegoObject.Shape> shapes = new ArrayList<>();
    for (int present = 0; present < 1 << MAYBE.length; present++) {
      List<String> keys = new ArrayList<>(List.of(COMMON));
      keys.add("mcp");
      for (int i = 0; i < MAYBE.length; i++) {
        if ((present >> i & 1) != 0) {
          keys.add(MAYBE[i]);
        }
      }
      shapes.add(RegoObject.Shape.of(keys.toArray(String[]::new)));
    }
    return List.copyOf(shapes);
  }

  /// A request about to be forwarded.
  static RegoObject request(Call call, ToolCatalog.@Nullable Tool tool, String transport) {
    int present =
        (call.session() == null ? 0 : 1)
            | (call.arguments() == null ? 0 : 2)
            | (tool == null ? 0 : 4);
    RegoValue[] values = new RegoValue[COMMON.length + 1 + Integer.bitCount(present)];
    int at = 0;
    values[at++] = SCHEMA;
    values[at++] = REQUEST;
    values[at++] = RegoString.of(call.id().text());
    values[at++] = time(call.receivedAt());
    values[at++] = backend(call.upstream(), transport);
    values[at++] = PRINCIPALS.get(call.principal(), PolicyInput::principal);
    values[at++] = AGENTS.get(call.client(), PolicyInput::agent);
    values[at++] = SOURCES.get(call.source(), PolicyInput::source);
    values[at++] = mcp(call, call.name());
    if (call.session() != null) {
      values[at++] = SESSIONS.get(call.session(), PolicyInput::session);
    }
    if (call.arguments() != null) {
      values[at++] = value(call.arguments());
    }
    if (tool != null) {
      values[at] = tool.facts();
    }
    return REQUESTS.get(present).with(values);
  }

  private static RegoObject session(String digest) {
    return SESSION.with(RegoString.of(digest));
  }

  /// An entry of a list: could this principal ever call it? Arguments are unknown.
  static RegoObject listed(
      Call list, String method, String name, ToolCatalog.@Nullable Tool tool, String transport) {
    RegoObject.Builder in = common(list, "list", transport);
    RegoObject.Builder mcp = RegoObject.builder();
    mcp.put("era", list.era().slug());
    mcp.put("revision", list.revision());
    mcp.put("method", method);
    mcp.put(method.startsWith("resources/") ? "uri" : "name", name);
    in.put("mcp", mcp.build());
    if (tool != null) {
      in.put("tool", tool.facts());
    }
    return in.build();
  }

  /// An answer about to be delivered.
  static RegoObject response(
      Call call, ToolCatalog.@Nullable Tool tool, String transport, ObjectNode message) {
    JsonNode result = message.path("result");
    RegoObject.Builder response = RegoObject.builder();
    response.put("is_error", message.has("error") || result.path("isError").asBoolean(false));
    response.put("result_type", result.path("resultType").asString("complete"));
    if (result.has("structuredContent")) {
      response.put("structured", value(result.path("structuredContent")));
    }
    List<RegoValue> types = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (JsonNode block : result.path("content")) {
      types.add(RegoString.of(block.path("type").asString("")));
      if (block.path("text").isString()) {
        text.append(text.isEmpty() ? "" : "\n").append(block.path("text").stringValue());
      }
    }
    response.put("content_types", RegoArray.of(types));
    response.put("text", text.toString());
    RegoObject.Builder in = common(call, "response", transport);
    in.put("mcp", mcp(call, call.name()));
    if (call.arguments() != null) {
      in.put("arguments", value(call.arguments()));
    }
    if (tool != null) {
      in.put("tool", tool.facts());
    }
    in.put("response", response.build());
    return in.build();
  }

  /// Something the server asks of the client: sampling, elicitation, roots.
  static RegoObject ask(
      Asker asker, String method, JsonNode params, Instant now, String transport) {
    RegoObject.Builder in = RegoObject.builder();
    in.put("schema", SCHEMA);
    in.put("phase", "server_request");
    in.put("time", time(now));
    RegoObject.Builder mcp = RegoObject.builder();
    mcp.put("era", asker.era().slug());
    mcp.put("revision", asker.revision());
    mcp.put("method", method);
    in.put("mcp", mcp.build());
    in.put("arguments", params.isObject() ? value(params) : RegoObject.EMPTY);
    in.put("backend", backend(asker.upstream(), transport));
    in.put("principal", principal(asker.principal()));
    return in.build();
  }

  /// Whose dialogue a server's ask belongs to.
  record Asker(Era era, String revision, String upstream, Principal principal) {
    static Asker of(Call call) {
      return new Asker(call.era(), call.revision(), call.upstream(), call.principal());
    }

    static Asker of(ClientSession session) {
      return new Asker(Era.LEGACY, session.revision(), session.upstream(), session.principal());
    }

    Treatments.Subject subject() {
      return new Treatments.Subject(Direction.RESPONSE, upstream, null, principal.id());
    }
  }

  private static RegoObject.Builder common(Call call, String phase, String transport) {
    RegoObject.Builder in = RegoObject.builder(12);
    in.put("schema", SCHEMA);
    in.put("phase", phase);
    in.put("request_id", call.id().text());
    in.put("time", time(call.receivedAt()));
    in.put("backend", backend(call.upstream(), transport));
    in.put("principal", principal(call.principal()));
    in.put("agent", agent(call.client()));
    in.put("source", source(call.source()));
    if (call.session() != null) {
      in.put("session", session(call.session()));
    }
    return in;
  }

  private static RegoObject mcp(Call call, @Nullable String name) {
    boolean uri = "uri".equals(call.method().nameMember());
    RegoValue era = RegoString.of(call.era().slug());
    RegoValue revision = RegoString.of(call.revision());
    RegoValue method = RegoString.of(call.method().wire());
    RegoValue bytes = RegoNumber.of(call.message().bytes().length);
    RegoObject mcp =
        name == null
            ? MCP.with(era, revision, method, bytes)
            : (uri ? MCP_URI : MCP_NAME).with(era, revision, method, bytes, RegoString.of(name));
    ObjectNode params = call.message().params();
    return params != null && (params.has("inputResponses") || params.has("requestState"))
        ? mcp.with(RegoString.of("round"), round(params))
        : mcp;
  }

  /// A repetition that carries answers to what the server asked (2026-07-28, multi-round-trip
  /// requests).
  private static RegoObject round(ObjectNode params) {
    List<RegoValue> keys = new ArrayList<>();
    params.path("inputResponses").propertyNames().forEach(key -> keys.add(RegoString.of(key)));
    return RegoObject.builder(3)
        .put("is_retry", true)
        .put("input_response_keys", RegoArray.of(keys))
        .put("request_state_present", params.has("requestState"))
        .build();
  }

  private static RegoObject time(Instant at) {
    long nanos = at.getEpochSecond() * 1_000_000_000L + at.getNano();
    return TIME.with(RegoNumber.of(nanos));
  }

  private static RegoObject backend(String id, String transport) {
    return BACKEND.with(RegoString.of(id), RegoString.of(transport));
  }

  private static RegoObject principal(Principal p) {
    return RegoObject.builder(5)
        .put("type", p.type().slug())
        .put("id", p.id())
        .put("roles", strings(p.roles()))
        .put("groups", strings(p.groups()))
        .put("auth", RegoObject.builder(1).put("method", p.auth().slug()).build())
        .build();
  }

  private static RegoObject agent(ClientInfo client) {
    return RegoObject.builder(1)
        .put(
            "client_info",
            RegoObject.builder(3)
                .put("name", client.name())
                .put("version", client.version())
                .put("verified", false)
                .build())
        .build();
  }

  private static RegoObject source(Source source) {
    return RegoObject.builder(2)
        .put("ip", source.ip())
        .put("transport_in", source.transport())
        .build();
  }

  private static RegoArray strings(Collection<String> texts) {
    if (texts.isEmpty()) {
      return RegoArray.EMPTY; // a principal without roles and groups: most of them
    }
    List<RegoValue> values = new ArrayList<>(texts.size());
    texts.stream().sorted().forEach(text -> values.add(RegoString.of(text)));
    return RegoArray.of(values);
  }

  /// A JSON tree as a Rego value, numbers by their written digits.
  static RegoValue value(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        RegoObject.Builder object = RegoObject.builder(node.size());
        for (Map.Entry<String, JsonNode> member : node.properties()) {
          object.put(member.getKey(), value(member.getValue()));
        }
        yield object.build();
      }
      case ARRAY -> {
        List<RegoValue> elements = new ArrayList<>(node.size());
        for (JsonNode element : node) {
          elements.add(value(element));
        }
        yield RegoArray.of(elements);
      }
      case STRING -> RegoString.of(node.stringValue());
      case BOOLEAN -> RegoBoolean.of(node.booleanValue());
      case NUMBER ->
          node.isIntegralNumber() && node.canConvertToLong()
              ? RegoNumber.of(node.longValue())
              : RegoNumber.parse(node.asString());
      case NULL -> RegoNull.NULL;
      case MISSING, BINARY, POJO ->
          throw new IllegalArgumentException("found " + node.getNodeType() + " in a JSON tree");
    };
  }
}
