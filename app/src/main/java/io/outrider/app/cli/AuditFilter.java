package io.outrider.app.cli;

import io.outrider.app.config.Durations;
import io.outrider.app.terminal.Fatal;
import io.outrider.audit.verify.Filter;
import io.outrider.review.query.Field;
import io.outrider.review.query.Vocabulary;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that choose records.
final class AuditFilter {
  @Option(names = "--principal", paramLabel = "ID", description = "Calls of one principal.")
  private @Nullable String principal;

  @Option(
      names = "--tool",
      paramLabel = "NAME",
      description = "Calls of one tool, prompt or resource.")
  private @Nullable String tool;

  @Option(names = "--method", paramLabel = "METHOD", description = "Such as tools/call.")
  private @Nullable String method;

  @Option(names = "--upstream", paramLabel = "NAME", description = "Calls to one upstream.")
  private @Nullable String upstream;

  @Option(
      names = "--verdict",
      paramLabel = "VERDICT",
      description = "allow, deny, shadow_deny or none.")
  private @Nullable String verdict;

  @Option(
      names = "--outcome",
      paramLabel = "SLUG",
      description = "Such as refused.denied, or its beginning: refused.")
  private @Nullable String outcome;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "intent, outcome, refusal, event, or the name of an event.")
  private @Nullable String kind;

  @Option(
      names = "--call",
      paramLabel = "ID",
      description = "One call, by the decisionId its caller was given.")
  private @Nullable String call;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "From this time (2026-11-20T12:00:00Z) or this long ago (15m, 2h, 1d).")
  private @Nullable String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Before this time, or this long ago.")
  private @Nullable String until;

  private static final List<String> KINDS = List.of("intent", "outcome", "refusal", "event");

  Filter filter(Instant now) {
    try {
      return Filter.of(parts(now));
    } catch (IllegalArgumentException e) {
      throw new Fatal("--" + e.getMessage());
    }
  }

  /// What is asked for, in the words of a search.
  String asked(Instant now) {
    return parts(now).entrySet().stream()
        .map(part -> part.getKey() + ":" + part.getValue())
        .collect(Collectors.joining(" "));
  }

  private Map<String, String> parts(Instant now) {
    Map<String, String> parts = new LinkedHashMap<>();
    put(parts, "principal", principal);
    put(parts, "tool", tool);
    put(parts, "method", method);
    put(parts, "upstream", upstream);
    put(parts, "verdict", word(Field.VERDICT, verdict));
    put(parts, "outcome", word(Field.OUTCOME, outcome));
    put(parts, "kind", kind());
    put(parts, "call", call);
    put(parts, "since", time(since, now));
    put(parts, "until", time(until, now));
    return parts;
  }

  /// A word as records have it; one that none can have is no filter but a mistake.
  private static @Nullable String word(Field field, @Nullable String value) {
    return value == null
        ? null
        : Vocabulary.known(field, value)
            .orElseThrow(() ->
                new Fatal(
                    "--"
                        + field.slug()
                        + ": "
                        + value
                        + " (expected: "
                        + Vocabulary.expected(field)
                        + ")"));
  }

  private @Nullable String kind() {
    if (kind != null && !KINDS.contains(kind) && !Vocabulary.of(Field.EVENT).contains(kind)) {
      throw new Fatal(
          "--kind: "
              + kind
              + " (expected: one of "
              + String.join(", ", KINDS)
              + ", or an event such as start)");
    }
    return kind;
  }

  private static void put(Map<String, String> parts, String name, @Nullable String value) {
    if (value != null) {
      parts.put(name, value);
    }
  }

  private static @Nullable String time(@Nullable String text, Instant now) {
    return text == null
        ? null
        : Optional.of(text)
            .flatMap(Durations::parse)
            .map(ago -> now.minus(ago).toString())
            .orElse(text);
  }
}
