package io.outrider.audit.verify;

import io.outrider.audit.format.Leaf;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which records a query asks for. Every part that is given must fit; null asks for nothing.
///
/// Outcomes name neither tool nor principal; a query that asks for those gives the outcomes of the
/// calls it found.
///
/// @param principal id of the principal
/// @param tool tool, prompt or resource name
/// @param method JSON-RPC method
/// @param upstream name of the upstream
/// @param verdict `allow`, `deny`, `shadow_deny` or `none`
/// @param outcome slug of an outcome or refusal, or its beginning up to a dot: `failed` finds
///   `failed.upstream.timeout`
/// @param kind `intent`, `outcome`, `refusal`, `event`, or the slug of an event
/// @param callId one call
/// @param since earliest time, inclusive
/// @param until latest time, exclusive
public record Filter(
    @Nullable String principal,
    @Nullable String tool,
    @Nullable String method,
    @Nullable String upstream,
    @Nullable String verdict,
    @Nullable String outcome,
    @Nullable String kind,
    @Nullable String callId,
    @Nullable Instant since,
    @Nullable Instant until) {

  /// Asks for everything.
  public static final Filter ALL =
      new Filter(null, null, null, null, null, null, null, null, null, null);

  /// Names of the parts that text can be given for, as [#with] takes them.
  public static Filter of(Map<String, String> parts) {
    Filter filter = ALL;
    for (Map.Entry<String, String> part : parts.entrySet()) {
      filter = filter.with(part.getKey(), part.getValue());
    }
    return filter;
  }

  /// This filter with one more part: `principal`, `tool`, `method`, `upstream`, `verdict`,
  /// `outcome`, `kind`, `call`, `since` or `until` (the last two as RFC 3339).
  ///
  /// @throws IllegalArgumentException if there is no such part, or a time is not one
  public Filter with(String part, String value) {
    return switch (part) {
      case "principal" ->
          new Filter(value, tool, method, upstream, verdict, outcome, kind, callId, since, until);
      case "tool" ->
          new Filter(
              principal, value, method, upstream, verdict, outcome, kind, callId, since, until);
      case "method" ->
          new Filter(
              principal, tool, value, upstream, verdict, outcome, kind, callId, since, until);
      case "upstream" ->
          new Filter(principal, tool, method, value, verdict, outcome, kind, callId, since, until);
      case "verdict" ->
          new Filter(principal, tool, method, upstream, value, outcome, kind, callId, since, until);
      case "outcome" ->
          new Filter(principal, tool, method, upstream, verdict, value, kind, callId, since, until);
      case "kind" ->
          new Filter(
              principal, tool, method, upstream, verdict, outcome, value, callId, since, until);
      case "call" ->
          new Filter(
              principal, tool, method, upstream, verdict, outcome, kind, value, since, until);
      case "since" ->
          new Filter(
              principal,
              tool,
              method,
              upstream,
              verdict,
              outcome,
              kind,
              callId,
              time(part, value),
              until);
      case "until" ->
          new Filter(
              principal,
              tool,
              method,
              upstream,
              verdict,
              outcome,
              kind,
              callId,
              since,
              time(part, value));
      default ->
          throw new IllegalArgumentException(
              "filter: \""
                  + part
                  + "\" (expected: principal, tool, method, upstream, verdict, outcome, kind, call, since or until)");
    };
  }

  private static Instant time(String part, String value) {
    try {
      return Instant.parse(value);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          part + ": \"" + value + "\" (expected: a time like 2026-11-20T12:00:00Z)", e);
    }
  }

  /// Whether the parts that only intents and refusals carry are asked for.
  boolean asksForCallFacts() {
    return principal != null
        || tool != null
        || method != null
        || upstream != null
        || verdict != null;
  }

  boolean fitsCallFacts(Leaf leaf) {
    return fits(principal, leaf.text("sub.id"))
        && fits(tool, leaf.text("tool"))
        && fits(method, leaf.text("meth"))
        && fits(upstream, leaf.text("up"))
        && fits(verdict, leaf.text("verdict"));
  }

  boolean fitsRest(Leaf leaf) {
    return fits(callId, leaf.text("call")) && fitsKind(leaf) && fitsOutcome(leaf) && fitsTime(leaf);
  }

  private boolean fitsKind(Leaf leaf) {
    return kind == null || kind.equals(leaf.kind()) || fits(kind, leaf.text("ev"));
  }

  private boolean fitsOutcome(Leaf leaf) {
    if (outcome == null) {
      return true;
    }
    String slug = leaf.text("out").orElse("");
    return slug.equals(outcome) || slug.startsWith(outcome + ".");
  }

  private boolean fitsTime(Leaf leaf) {
    if (since == null && until == null) {
      return true;
    }
    Optional<Instant> time = leaf.text("t").map(Instant::parse);
    return time.isPresent()
        && (since == null || !time.get().isBefore(since))
        && (until == null || time.get().isBefore(until));
  }

  private static boolean fits(@Nullable String wanted, Optional<String> found) {
    return wanted == null || (found.isPresent() && found.get().equals(wanted));
  }
}
