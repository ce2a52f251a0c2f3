package io.outrider.audit.record;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Something worth evidence that is not a call: the proxy started, a policy changed, somebody
/// failed to authenticate.
///
/// @param fields flat facts, kept in key order; keys are `[A-Za-z0-9._:-]{1,64}`
public record Event(Kind kind, Instant time, Map<String, String> fields) implements AuditRecord {

  /// What happened. Those marked "log" are written by the audit log itself.
  public enum Kind {
    /// Log: the first record of every log, naming origin, key and format.
    GENESIS("genesis"),
    /// Log: a process opened the log.
    START("start"),
    /// Log: a process closed the log in order.
    STOP("stop"),
    /// Log: the last process ended without a [#STOP]; names what was truncated.
    RECOVERY("recovery"),
    /// Log: counters of this process so far; silence and loss differ.
    HEARTBEAT("heartbeat"),
    /// Log: the wall clock jumped against the monotonic one.
    CLOCK("clock"),
    /// Log: records that were refused because the log could not take them.
    GAP("gap"),
    CONFIG("config"),
    POLICY("policy"),
    AUTH_FAILURE("auth_failure"),
    SESSION_OPEN("session_open"),
    SESSION_CLOSE("session_close"),
    /// A request or notification the server made was judged.
    SERVER_REQUEST("server_request"),
    /// The upstream's list of tools, or a tool's definition, was seen or changed.
    TOOL_CATALOG("tool_catalog"),
    /// A person read the log.
    REVIEW("review", true),
    /// A person took records out of the log.
    EXPORT("export", true),
    /// A person forbade that records are erased or pruned.
    HOLD("hold", true),
    /// A person ended a hold.
    RELEASE("release", true),
    /// A value was erased at a person's word.
    REDACT("redact", true),
    /// Old records were dropped, at a person's word or by the retention that is configured.
    PRUNE("prune", true),
    /// Witnesses vouch for the log, or no longer do, or contradict it.
    ANCHOR("anchor"),
    /// A person had copies of the log spoilt, to see whether that shows.
    DRILL("drill", true),
    ALARM("alarm");

    private final String slug;
    private final boolean noted;

    Kind(String slug) {
      this(slug, false);
    }

    Kind(String slug, boolean noted) {
      this.slug = slug;
      this.noted = noted;
    }

    /// Whether a command may leave a note about it for the writer; everything else only the writer
    /// itself may say.
    public boolean isNoted() {
      return noted;
    }

    /// The name in the log; never changes.
    public String slug() {
      return slug;
    }
  }

  public Event {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(time, "time");
    TreeMap<String, String> sorted = new TreeMap<>(fields);
    sorted.keySet().forEach(Checks::key);
    fields = Collections.unmodifiableMap(sorted);
  }
}
