package io.outrider.review.export;

import io.outrider.audit.format.Leaf;
import io.outrider.audit.verify.LogEntry;
import io.outrider.review.index.Row;
import io.outrider.review.log.Digests;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rows as events of the Open Cybersecurity Schema Framework, version 1.8.0: calls as API Activity
/// (6003) with the profiles security_control, ai_operation and trace; everything else as Base
/// Event, which says no more than it knows. The record itself travels along as `raw_data` with its
/// hash, so that a proof can be asked for by index.
///
/// Derived on export and never stored: enumerations of the schema still move between versions.
public final class Ocsf {
  public static final String SCHEMA = "1.8.0";

  static final int API_ACTIVITY = 6003;
  private static final int APPLICATION_ACTIVITY = 6;
  private static final int OTHER = 99;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private final String origin;
  private final String version;

  /// @param origin name of the log, which with an index names a record for good
  /// @param version of this product
  public Ocsf(String origin, String version) {
    this.origin = origin;
    this.version = version;
  }

  /// A row as one event.
  public Map<String, Object> event(Row row) {
    Map<String, Object> event = new LinkedHashMap<>();
    boolean call = row.kind().equals("intent") || row.kind().equals("refusal");
    int type = call ? API_ACTIVITY : 0;
    event.put("class_uid", type);
    event.put("class_name", call ? "API Activity" : "Base Event");
    event.put("category_uid", call ? APPLICATION_ACTIVITY : 0);
    event.put("category_name", call ? "Application Activity" : "Uncategorized");
    event.put("activity_id", OTHER);
    event.put(
        "activity_name", call ? text(row.method(), "unknown") : text(row.event(), row.kind()));
    event.put("type_uid", type * 100L + OTHER);
    long time = millis(row.time());
    event.put("time", time);
    severity(row, event);
    status(row, event);
    event.put("metadata", metadata(row, call));
    if (call) {
      call(row, event);
    } else {
      put(event, "message", row.event());
      if (!row.facts().isEmpty()) {
        event.put("unmapped", row.facts());
      }
    }
    row.latencyNanos()
        .ifPresent(nanos -> {
          event.put("duration", nanos / NANOS_PER_MILLI);
          event.put("start_time", time);
          event.put("end_time", time + nanos / NANOS_PER_MILLI);
        });
    raw(row.entry(), event);
    return event;
  }

  private static void severity(Row row, Map<String, Object> event) {
    boolean alarm =
        "deny".equals(row.verdict())
            || "alarm".equals(row.event())
            || "auth_failure".equals(row.event());
    // 1 Informational, 3 Medium.
    event.put("severity_id", alarm ? 3 : 1);
    event.put("severity", alarm ? "Medium" : "Informational");
  }

  private static void status(Row row, Map<String, Object> event) {
    String outcome = row.outcome();
    if (outcome == null) {
      event.put("status_id", 0);
      event.put("status", "Unknown");
      return;
    }
    boolean success = outcome.equals("completed");
    event.put("status_id", success ? 1 : outcome.equals("indeterminate") ? 0 : 2);
    event.put(
        "status", success ? "Success" : outcome.equals("indeterminate") ? "Unknown" : "Failure");
    event.put("status_code", outcome);
    if (!row.reasons().isEmpty()) {
      event.put("status_detail", String.join("; ", row.reasons()));
    }
  }

  private Map<String, Object> metadata(Row row, boolean call) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("version", SCHEMA);
    metadata.put(
        "product", Map.of("name", "Outrider", "vendor_name", "Outrider", "version", version));
    if (call) {
      metadata.put(
          "profiles",
          row.entry().leaf().text("tp").isPresent()
              ? List.of("security_control", "ai_operation", "trace")
              : List.of("security_control", "ai_operation"));
    }
    metadata.put("uid", origin + "#" + row.index());
    metadata.put("sequence", row.index());
    put(metadata, "original_time", row.time());
    put(metadata, "correlation_uid", row.callId());
    metadata.put("log_name", origin);
    return metadata;
  }

  private static void call(Row row, Map<String, Object> event) {
    Leaf leaf = row.entry().leaf();
    event.put("actor", actor(row, leaf));
    event.put("api", api(row, leaf));
    event.put("src_endpoint", endpoint(leaf));
    if (row.upstream() != null) {
      event.put("dst_endpoint", Map.of("name", row.upstream()));
    }
    if (row.tool() != null) {
      event.put(
          "resources", List.of(Map.of("name", row.tool(), "type", text(row.method(), "unknown"))));
    }
    disposition(row, event);
    policy(row, leaf, event);
    messageContext(row, leaf, event);
    trace(row, leaf, event);
    Map<String, Object> unmapped = new LinkedHashMap<>();
    if (!row.rules().isEmpty()) {
      unmapped.put("rules", row.rules());
    }
    if (row.redactions() > 0) {
      unmapped.put("redactions", row.redactions());
    }
    row.end()
        .ifPresent(end -> {
          unmapped.put("outcome_index", end.index());
          unmapped.put("outcome_raw_data", end.leaf().json());
        });
    if (!unmapped.isEmpty()) {
      event.put("unmapped", unmapped);
    }
  }

  private static Map<String, Object> actor(Row row, Leaf leaf) {
    Map<String, Object> user = new LinkedHashMap<>();
    user.put("name", text(row.user(), "unknown"));
    put(user, "uid", row.user());
    leaf.text("sub.type").ifPresent(type -> user.put("type", type));
    // 99: whatever the source of identities calls it.
    user.put("type_id", leaf.text("sub.type").isPresent() ? OTHER : 0);
    Map<String, Object> actor = new LinkedHashMap<>();
    actor.put("user", user);
    leaf.text("cli.name").ifPresent(name -> actor.put("app_name", name));
    if (row.session() != null) {
      actor.put("session", Map.of("uid", row.session()));
    }
    return actor;
  }

  private static Map<String, Object> api(Row row, Leaf leaf) {
    Map<String, Object> api = new LinkedHashMap<>();
    api.put("operation", text(row.method(), "unknown"));
    if (row.upstream() != null) {
      api.put("service", Map.of("name", row.upstream()));
    }
    leaf.text("rev").ifPresent(revision -> api.put("version", revision));
    if (row.callId() != null) {
      api.put("request", Map.of("uid", row.callId()));
    }
    Map<String, Object> response = new LinkedHashMap<>();
    row.end()
        .map(LogEntry::leaf)
        .ifPresent(end -> {
          end.number("err").ifPresent(code -> response.put("code", code));
          end.text("detail").ifPresent(detail -> response.put("error_message", detail));
        });
    if (!response.isEmpty()) {
      api.put("response", response);
    }
    return api;
  }

  private static Map<String, Object> endpoint(Leaf leaf) {
    Map<String, Object> endpoint = new LinkedHashMap<>();
    String via = leaf.text("src.via").orElse("unknown");
    String address = leaf.text("src.addr").orElse("");
    int colon = address.lastIndexOf(':');
    if (address.isEmpty()) {
      endpoint.put("name", via);
    } else if (colon > 0
        && (address.indexOf(':') == colon || address.charAt(colon - 1) == ']')
        && address.substring(colon + 1).matches("\\d{1,5}")) {
      endpoint.put("ip", address.substring(0, colon).replaceAll("[\\[\\]]", ""));
      endpoint.put("port", Integer.parseInt(address.substring(colon + 1)));
    } else {
      endpoint.put("ip", address);
    }
    endpoint.put("interface_name", via);
    return endpoint;
  }

  /// Profile security_control.
  private static void disposition(Row row, Map<String, Object> event) {
    boolean refused = row.kind().equals("refusal");
    boolean modified = row.redactions() > 0 && !refused;
    boolean observed = "shadow_deny".equals(row.verdict());
    int action = refused ? 2 : observed ? 3 : modified ? 4 : 1;
    event.put("action_id", action);
    event.put("action", List.of("", "Allowed", "Denied", "Observed", "Modified").get(action));
    // 2 Blocked, 25 Rejected (the policy was not asked), 17 Logged, 11 Corrected, 1 Allowed.
    boolean unasked = refused && !"deny".equals(row.verdict());
    int disposition = unasked ? 25 : refused ? 2 : observed ? 17 : modified ? 11 : 1;
    event.put("disposition_id", disposition);
    event.put(
        "disposition",
        switch (disposition) {
          case 25 -> "Rejected";
          case 2 -> "Blocked";
          case 17 -> "Logged";
          case 11 -> "Corrected";
          default -> "Allowed";
        });
    event.put("is_alert", refused && !unasked);
  }

  private static void policy(Row row, Leaf leaf, Map<String, Object> event) {
    Map<String, Object> policy = new LinkedHashMap<>();
    leaf.text("pol").ifPresent(digest -> policy.put("uid", digest));
    row.rules().stream().findFirst().ifPresent(rule -> policy.put("name", rule));
    if (!policy.isEmpty()) {
      policy.put("is_applied", List.of("allow", "deny").contains(text(row.verdict(), "none")));
      event.put("policy", policy);
      event.put(
          "authorizations",
          List.of(Map.of("decision", text(row.verdict(), "none"), "policy", policy)));
    }
  }

  /// Profile ai_operation. The schema wants an application or a service, or nothing.
  private static void messageContext(Row row, Leaf leaf, Map<String, Object> event) {
    Map<String, Object> context = new LinkedHashMap<>();
    leaf.text("cli.name").ifPresent(name -> context.put("application", Map.of("name", name)));
    if (row.upstream() != null) {
      context.put("service", Map.of("name", row.upstream()));
    }
    if (!context.isEmpty()) {
      // 3: what is recorded is the use of a tool.
      context.put("ai_role_id", 3);
      context.put("ai_role", "Tool");
      put(context, "uid", row.session());
      event.put("message_context", context);
    }
  }

  /// Profile trace, from a W3C trace context the client sent. The times are ours.
  private static void trace(Row row, Leaf leaf, Map<String, Object> event) {
    String[] parts = leaf.text("tp").orElse("").toLowerCase(Locale.ROOT).split("-", -1);
    if (parts.length >= 3) {
      long begin = millis(row.time());
      Map<String, Object> span = new LinkedHashMap<>();
      span.put("uid", parts[2]);
      span.put("start_time", begin);
      span.put("end_time", begin + row.latencyNanos().orElse(0) / NANOS_PER_MILLI);
      event.put("trace", Map.of("uid", parts[1], "span", span));
    }
  }

  private static void raw(LogEntry entry, Map<String, Object> event) {
    event.put("raw_data", entry.leaf().json());
    event.put("raw_data_size", entry.leaf().bytes().length);
    Map<String, Object> hash = new LinkedHashMap<>();
    hash.put("algorithm_id", 3);
    hash.put("algorithm", "SHA-256");
    hash.put("value", Digests.sha256(entry.leaf().bytes()));
    event.put("raw_data_hash", hash);
  }

  private static long millis(@Nullable String time) {
    try {
      return Instant.parse(Objects.requireNonNullElse(time, "")).toEpochMilli();
    } catch (DateTimeException e) {
      // The schema wants a time; the record's own words are in metadata.original_time.
      return 0;
    }
  }

  private static String text(@Nullable String value, String otherwise) {
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private static void put(Map<String, Object> map, String key, @Nullable String value) {
    if (value != null) {
      map.put(key, value);
    }
  }
}
