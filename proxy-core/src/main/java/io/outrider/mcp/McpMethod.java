package io.outrider.mcp;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The requests a client may send (MCP schema, all revisions). A method that is not here is
/// refused: what the proxy does not know it cannot judge.
public enum McpMethod {
  INITIALIZE("initialize", Kind.LIFECYCLE, null),
  PING("ping", Kind.LIFECYCLE, null),
  SERVER_DISCOVER("server/discover", Kind.LIFECYCLE, null),
  LOGGING_SET_LEVEL("logging/setLevel", Kind.LIFECYCLE, null),

  TOOLS_LIST("tools/list", Kind.LIST, null),
  RESOURCES_LIST("resources/list", Kind.LIST, null),
  RESOURCE_TEMPLATES_LIST("resources/templates/list", Kind.LIST, null),
  PROMPTS_LIST("prompts/list", Kind.LIST, null),

  TOOLS_CALL("tools/call", Kind.JUDGED, "name"),
  RESOURCES_READ("resources/read", Kind.JUDGED, "uri"),
  RESOURCES_SUBSCRIBE("resources/subscribe", Kind.JUDGED, "uri"),
  RESOURCES_UNSUBSCRIBE("resources/unsubscribe", Kind.LIFECYCLE, "uri"),
  PROMPTS_GET("prompts/get", Kind.JUDGED, "name"),
  COMPLETION_COMPLETE("completion/complete", Kind.JUDGED, null),
  TASKS_GET("tasks/get", Kind.JUDGED, "taskId"),
  TASKS_RESULT("tasks/result", Kind.JUDGED, "taskId"),
  TASKS_LIST("tasks/list", Kind.JUDGED, null),
  TASKS_UPDATE("tasks/update", Kind.JUDGED, "taskId"),
  TASKS_CANCEL("tasks/cancel", Kind.JUDGED, "taskId"),

  /// Stays open for as long as the client listens.
  SUBSCRIPTIONS_LISTEN("subscriptions/listen", Kind.LISTEN, null);

  /// What the gates do with a method.
  public enum Kind {
    /// Part of the protocol itself: recorded, redacted, not judged.
    LIFECYCLE,
    /// Answered with a list that is filtered by what the policy could allow.
    LIST,
    /// Judged by the policy before it leaves.
    JUDGED,
    /// Judged, and without a limit on how long it lasts.
    LISTEN
  }

  private static final Map<String, McpMethod> BY_WIRE =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(McpMethod::wire, Function.identity()));

  private final String wire;
  private final Kind kind;
  private final @Nullable String nameMember;

  McpMethod(String wire, Kind kind, @Nullable String nameMember) {
    this.wire = wire;
    this.kind = kind;
    this.nameMember = nameMember;
  }

  /// The method name on the wire.
  public String wire() {
    return wire;
  }

  public Kind kind() {
    return kind;
  }

  /// The member of `params` that names what the request is about, mirrored in the `Mcp-Name` header
  /// (2026-07-28); null when the method names nothing.
  public @Nullable String nameMember() {
    return nameMember;
  }

  /// Whether 2026-07-28 requires the `Mcp-Name` header on it.
  public boolean mirrorsName() {
    return nameMember != null && this != RESOURCES_SUBSCRIBE && this != RESOURCES_UNSUBSCRIBE;
  }

  public boolean isJudged() {
    return kind == Kind.JUDGED || kind == Kind.LISTEN;
  }

  public static Optional<McpMethod> of(String wire) {
    return Optional.ofNullable(BY_WIRE.get(wire));
  }
}
