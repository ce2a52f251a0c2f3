package io.outrider.session;

import io.outrider.call.Call;
import io.outrider.call.CallId;
import io.outrider.call.ClientInfo;
import io.outrider.call.Refusal;
import io.outrider.call.Refusal.Fault;
import io.outrider.call.Refusal.UnknownTarget.What;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.jsonrpc.Reading;
import io.outrider.mcp.Era;
import io.outrider.mcp.McpHeaders;
import io.outrider.mcp.McpMethod;
import io.outrider.mcp.Meta;
import io.outrider.mcp.Revision;
import io.outrider.session.Opened.Refused;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a message of a client and says what it is, in either era.
///
/// The body decides the era, headers only confirm it; where the two disagree the message is
/// refused, never read in the more lenient way (reference: era confusion). Thread-safe.
public final class CallOpener {

  /// What a legacy client may notify (MCP schema up to 2025-11-25).
  private static final Set<String> LEGACY_NOTICES =
      Set.of(
          "notifications/initialized",
          "notifications/cancelled",
          "notifications/progress",
          "notifications/roots/list_changed",
          "notifications/tasks/status");

  /// Requests of the legacy eras that the modern one removed, and the other way round.
  private static final Set<McpMethod> LEGACY_ONLY =
      Set.of(
          McpMethod.INITIALIZE,
          McpMethod.PING,
          McpMethod.LOGGING_SET_LEVEL,
          McpMethod.RESOURCES_SUBSCRIBE,
          McpMethod.RESOURCES_UNSUBSCRIBE,
          McpMethod.TASKS_RESULT,
          McpMethod.TASKS_LIST);

  private static final Set<McpMethod> MODERN_ONLY =
      Set.of(McpMethod.SERVER_DISCOVER, McpMethod.SUBSCRIPTIONS_LISTEN, McpMethod.TASKS_UPDATE);

  private final MessageReader reader;
  private final SessionStore sessions;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  public CallOpener(
      MessageReader reader, SessionStore sessions, InstantSource clock, LongSupplier nanoTime) {
    this.reader = reader;
    this.sessions = sessions;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  public Opened open(Inbound in) {
    return switch (reader.read(in.body())) {
      case Reading.Bad bad -> {
        Fault fault = bad.fault() == Reading.Fault.NOT_JSON ? Fault.NOT_JSON : Fault.NOT_A_MESSAGE;
        yield new Refused(
            new Refusal.Malformed(fault, bad.detail()), Era.LEGACY, bad.id(), null, in);
      }
      case Reading.Parsed parsed ->
          switch (parsed.message()) {
            case JsonRpcMessage.Request r -> request(in, r);
            case JsonRpcMessage.Notification n -> notice(in, n);
            case JsonRpcMessage.Result r -> answer(in, r, r.id());
            case JsonRpcMessage.Error e -> answer(in, e, e.id());
          };
    };
  }

  // --- requests

  private Opened request(Inbound in, JsonRpcMessage.Request message) {
    JsonNode meta = meta(message.params());
    JsonNode claim = meta.path(Meta.PROTOCOL_VERSION);
    if (!claim.isMissingNode()) {
      return modern(in, message, meta, claim);
    }
    Refusal unclaimed = headerWithoutClaim(in);
    if (unclaimed != null) {
      return refused(in, message, Era.MODERN, unclaimed);
    }
    return legacy(in, message);
  }

  private Opened modern(Inbound in, JsonRpcMessage.Request message, JsonNode meta, JsonNode claim) {
    if (!claim.isString()) {
      return refused(
          in,
          message,
          Era.MODERN,
          badParams("found no string in _meta[\"" + Meta.PROTOCOL_VERSION + "\"]"));
    }
    String version = claim.stringValue();
    MirrorCheck mirrors = MirrorCheck.of(in.headers());
    Refusal refusal = mirrors.version(version);
    if (refusal == null && !meta.path(Meta.CLIENT_CAPABILITIES).isObject()) {
      refusal = badParams("found no object in _meta[\"" + Meta.CLIENT_CAPABILITIES + "\"]");
    }
    if (refusal == null
        && Revision.of(version).map(Revision::era).orElse(Era.LEGACY) != Era.MODERN) {
      refusal =
          new Refusal.UnsupportedVersion(
              version, Revision.texts(Era.MODERN), "found revision '" + version + "' in _meta");
    }
    if (refusal == null) {
      refusal = mirrors.method(message.method());
    }
    if (refusal != null) {
      return refused(in, message, Era.MODERN, refusal);
    }
    McpMethod method = McpMethod.of(message.method()).orElse(null);
    if (method == null || LEGACY_ONLY.contains(method)) {
      return refused(in, message, Era.MODERN, unknownMethod(message.method(), version));
    }
    String name = name(message, method);
    refusal = mirrors.name(method, name);
    if (refusal == null && method.nameMember() != null && name == null) {
      refusal = badParams("found no string in params." + method.nameMember());
    }
    if (refusal == null) {
      refusal = mirrors.params();
    }
    if (refusal != null) {
      return refused(in, message, Era.MODERN, refusal);
    }
    ClientInfo client = ClientInfo.of(meta.path(Meta.CLIENT_INFO));
    return new Opened.Request(
        call(in, message, method, name, Era.MODERN, version, client, mirrors.paramHeaders(), null),
        null);
  }

  private Opened legacy(Inbound in, JsonRpcMessage.Request message) {
    McpMethod method = McpMethod.of(message.method()).orElse(null);
    if (method == McpMethod.INITIALIZE) {
      return initialize(in, message);
    }
    return switch (lookup(in)) {
      case Lookup.Missing missing -> refused(in, message, Era.LEGACY, missing.refusal());
      case Lookup.Found found -> inSession(in, message, method, found.session());
    };
  }

  private Opened inSession(
      Inbound in,
      JsonRpcMessage.Request message,
      @Nullable McpMethod method,
      ClientSession session) {
    if (method == null || MODERN_ONLY.contains(method)) {
      return refused(in, message, Era.LEGACY, unknownMethod(message.method(), session.revision()));
    }
    String name = name(message, method);
    if (method.nameMember() != null && name == null) {
      return refused(
          in, message, Era.LEGACY, badParams("found no string in params." + method.nameMember()));
    }
    if (session.inFlight(message.id()) != null) {
      return refused(
          in,
          message,
          Era.LEGACY,
          new Refusal.Malformed(
              Fault.NOT_A_MESSAGE, "found an id that is in use (expected: a new one)"));
    }
    return new Opened.Request(
        call(
            in,
            message,
            method,
            name,
            Era.LEGACY,
            session.revision(),
            session.client(),
            List.of(),
            session),
        session);
  }

  private Opened initialize(Inbound in, JsonRpcMessage.Request message) {
    JsonNode params = message.params() == null ? MissingNode.getInstance() : message.params();
    if (!params.path("protocolVersion").isString()) {
      return refused(
          in, message, Era.LEGACY, badParams("found no string in params.protocolVersion"));
    }
    if (in.headers() != null && in.headers().containsKey(McpHeaders.SESSION_ID)) {
      return refused(
          in,
          message,
          Era.LEGACY,
          new Refusal.Malformed(
              Fault.NOT_A_MESSAGE, "found initialize inside a session (expected: no session id)"));
    }
    if (in.pipeSession() != null) {
      return refused(
          in,
          message,
          Era.LEGACY,
          new Refusal.Malformed(Fault.NOT_A_MESSAGE, "found a second initialize (expected: one)"));
    }
    ClientInfo client = ClientInfo.of(params.path("clientInfo"));
    ClientSession session = sessions.open(in.upstream(), in.principal(), client);
    return new Opened.Request(
        call(
            in,
            message,
            McpMethod.INITIALIZE,
            null,
            Era.LEGACY,
            params.path("protocolVersion").stringValue(),
            client,
            List.of(),
            session),
        session);
  }

  private Call call(
      Inbound in,
      JsonRpcMessage.Request message,
      McpMethod method,
      @Nullable String name,
      Era era,
      String revision,
      ClientInfo client,
      List<Call.ParamHeader> paramHeaders,
      @Nullable ClientSession session) {
    Instant now = clock.instant();
    JsonNode arguments = message.params() == null ? null : message.params().get("arguments");
    return new Call(
        CallId.at(now.toEpochMilli()),
        now,
        nanoTime.getAsLong(),
        in.principal(),
        client,
        in.source(),
        era,
        revision,
        in.upstream(),
        method,
        name,
        arguments instanceof ObjectNode object ? object : null,
        message,
        paramHeaders,
        session == null ? null : session.digest());
  }

  private static @Nullable String name(JsonRpcMessage.Request message, McpMethod method) {
    String member = method.nameMember();
    if (member == null || message.params() == null) {
      return null;
    }
    JsonNode value = message.params().path(member);
    return value.isString() ? value.stringValue() : null;
  }

  // --- notifications and answers

  private Opened notice(Inbound in, JsonRpcMessage.Notification message) {
    JsonNode claim = meta(message.params()).path(Meta.PROTOCOL_VERSION);
    Refusal unclaimed = claim.isMissingNode() ? headerWithoutClaim(in) : null;
    if (in.headers() == null
        && in.pipeSession() == null
        && message.method().equals("notifications/cancelled")) {
      JsonRpcId id = cancelledId(message);
      return id == null ? new Opened.Nothing("a cancel without an id") : new Opened.Cancel(id);
    }
    if (!claim.isMissingNode() || unclaimed != null) {
      // 2026-07-28 defines no client notification over HTTP; a cancel there is a closed stream.
      return message.method().equals("notifications/cancelled")
          ? new Opened.Nothing("cancelled by closing the stream")
          : refused(in, message, Era.MODERN, unknownMethod(message.method(), "2026-07-28"));
    }
    return switch (lookup(in)) {
      case Lookup.Missing missing -> refused(in, message, Era.LEGACY, missing.refusal());
      case Lookup.Found(ClientSession session) when !LEGACY_NOTICES.contains(message.method()) ->
          refused(in, message, Era.LEGACY, unknownMethod(message.method(), session.revision()));
      case Lookup.Found(ClientSession session) -> new Opened.Notice(message, session, in.source());
    };
  }

  private Opened answer(Inbound in, JsonRpcMessage message, @Nullable JsonRpcId id) {
    Refusal unclaimed = headerWithoutClaim(in);
    if (unclaimed != null) {
      return new Refused(
          new Refusal.Malformed(
              Fault.NOT_A_MESSAGE,
              "found a response (expected: a request; 2026-07-28 has no requests to answer)"),
          Era.MODERN,
          null,
          null,
          in);
    }
    return switch (lookup(in)) {
      case Lookup.Missing missing -> refused(in, message, Era.LEGACY, missing.refusal());
      case Lookup.Found(ClientSession session) -> {
        String asked = id == null ? null : session.answered(id);
        yield asked == null
            ? new Opened.Nothing("an answer to nothing that is open")
            : new Opened.Answer(message, asked, session, in.source());
      }
    };
  }

  /// The id in a client's `notifications/cancelled`, or null.
  public static @Nullable JsonRpcId cancelledId(JsonRpcMessage.Notification message) {
    JsonNode id =
        message.params() == null ? MissingNode.getInstance() : message.params().path("requestId");
    if (id.isString()) {
      return new JsonRpcId.Str(id.stringValue());
    }
    return id.isIntegralNumber() && id.canConvertToLong()
        ? new JsonRpcId.Num(id.longValue())
        : null;
  }

  // --- sessions

  /// The session of a legacy message, or why there is none.
  private sealed interface Lookup {
    record Found(ClientSession session) implements Lookup {}

    record Missing(Refusal refusal) implements Lookup {}
  }

  private Lookup lookup(Inbound in) {
    if (in.headers() == null) {
      return in.pipeSession() == null
          ? new Lookup.Missing(
              new Refusal.Malformed(Fault.NO_SESSION, "found a message before initialize"))
          : new Lookup.Found(in.pipeSession());
    }
    List<String> ids = in.headers().getOrDefault(McpHeaders.SESSION_ID, List.of());
    if (ids.isEmpty()) {
      return new Lookup.Missing(
          new Refusal.Malformed(
              Fault.NO_SESSION,
              "found no Mcp-Session-Id header (expected: the id initialize gave)"));
    }
    if (ids.size() > 1) {
      return new Lookup.Missing(
          new Refusal.HeaderMismatch(
              "Mcp-Session-Id", "found the header " + ids.size() + " times (expected: once)"));
    }
    ClientSession session = sessions.find(ids.getFirst(), in.upstream(), in.principal());
    if (session == null) {
      return new Lookup.Missing(
          new Refusal.UnknownTarget(What.SESSION, "found a session id that is not open"));
    }
    Refusal version =
        legacyVersionProblem(in.headers().getOrDefault(McpHeaders.PROTOCOL_VERSION, List.of()));
    return version == null ? new Lookup.Found(session) : new Lookup.Missing(version);
  }

  private static @Nullable Refusal legacyVersionProblem(List<String> versions) {
    if (versions.size() > 1) {
      return new Refusal.HeaderMismatch(
          "MCP-Protocol-Version",
          "found the header " + versions.size() + " times (expected: once)");
    }
    if (versions.isEmpty() || Revision.of(versions.getFirst()).isPresent()) {
      return null;
    }
    return new Refusal.UnsupportedVersion(
        versions.getFirst(),
        Revision.texts(Era.LEGACY),
        "found revision '" + versions.getFirst() + "' in MCP-Protocol-Version");
  }

  /// A modern version header on a body that makes no such claim.
  private static @Nullable Refusal headerWithoutClaim(Inbound in) {
    if (in.headers() == null) {
      return null;
    }
    for (String version : in.headers().getOrDefault(McpHeaders.PROTOCOL_VERSION, List.of())) {
      if (Revision.of(version).map(Revision::era).orElse(Era.LEGACY) == Era.MODERN) {
        return badParams(
            "found MCP-Protocol-Version: "
                + version
                + " without _meta[\""
                + Meta.PROTOCOL_VERSION
                + "\"]");
      }
    }
    return null;
  }

  private static JsonNode meta(@Nullable ObjectNode params) {
    return params == null ? MissingNode.getInstance() : params.path("_meta");
  }

  private static Refusal badParams(String detail) {
    return new Refusal.Malformed(Fault.BAD_PARAMS, detail);
  }

  private static Refusal unknownMethod(String method, String revision) {
    String shown = method.length() <= 64 ? method : method.substring(0, 64) + "…";
    return new Refusal.UnknownTarget(
        What.METHOD, "found method '" + shown + "' (expected: one of MCP " + revision + ")");
  }

  private static Refused refused(Inbound in, JsonRpcMessage message, Era era, Refusal refusal) {
    return switch (message) {
      case JsonRpcMessage.Request r -> new Refused(refusal, era, r.id(), r.method(), in);
      case JsonRpcMessage.Notification n -> new Refused(refusal, era, null, n.method(), in);
      case JsonRpcMessage.Result ignored -> new Refused(refusal, era, null, null, in);
      case JsonRpcMessage.Error ignored -> new Refused(refusal, era, null, null, in);
    };
  }
}
