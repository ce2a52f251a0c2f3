package io.outrider.review;

import io.outrider.audit.format.Leaf;
import io.outrider.audit.verify.AuditTail;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.review.query.Field;
import io.outrider.review.query.Query;
import io.outrider.review.query.Term;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Answers queries by reading the whole log, sharing nothing with the index.
public final class PlainScan {
  private final Map<Long, List<Leaf>> entries = new LinkedHashMap<>();

  public PlainScan(Path folder) throws Exception {
    Map<String, Long> open = new LinkedHashMap<>();
    AuditTail tail = new AuditTail(LogSource.folder(folder), 0);
    for (List<LogEntry> batch = tail.poll(); !batch.isEmpty(); batch = tail.poll()) {
      for (LogEntry entry : batch) {
        Leaf leaf = entry.leaf();
        if (leaf.kind().equals("outcome")) {
          leaves(Objects.requireNonNull(open.remove(leaf.text("call").orElseThrow()))).add(leaf);
        } else {
          entries.put(entry.index(), new ArrayList<>(List.of(leaf)));
          if (leaf.kind().equals("intent")) {
            open.put(leaf.text("call").orElseThrow(), entry.index());
          }
        }
      }
    }
  }

  public List<Long> find(Query query) {
    return entries.keySet().stream()
        .filter(index -> query.terms().stream().allMatch(term -> fits(term, index)))
        .toList();
  }

  public List<Leaf> leaves(long index) {
    return Objects.requireNonNull(entries.get(index));
  }

  private boolean fits(Term term, long index) {
    List<Leaf> leaves = leaves(index);
    boolean fits =
        switch (term) {
          case Term.Names names ->
              names.patterns().stream()
                  .anyMatch(
                      p -> values(leaves, names.field()).anyMatch(v -> like(names.field(), p, v)));
          case Term.Words words ->
              Stream.of(Field.values())
                  .filter(Field::words)
                  .flatMap(f -> values(leaves, f))
                  .anyMatch(v -> lower(v).contains(lower(words.text())));
          case Term.Between between -> {
            Optional<Long> number =
                switch (between.measure()) {
                  case TIME ->
                      leaves.getFirst().text("t").map(t -> Instant.parse(t).toEpochMilli());
                  case LATENCY -> number(leaves.getLast(), "ns.total").map(n -> n / 1000);
                  case WAIT -> number(leaves.getFirst(), "ns.wait").map(n -> n / 1000);
                  case BYTES -> number(leaves.getLast(), "res.bytes");
                  case REDACTIONS -> redactions(leaves);
                };
            yield number.isPresent()
                && number.get() >= between.low()
                && number.get() <= between.high();
          }
          case Term.Indices indices -> index >= indices.first() && index <= indices.last();
          case Term.Calls calls ->
              leaves.getFirst().text("call").filter(calls.ids()::contains).isPresent();
        };
    return fits != term.negated();
  }

  private static boolean like(Field field, String pattern, String value) {
    String regex =
        Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL).matcher(value).matches()
        || (field == Field.OUTCOME
            && Pattern.compile(regex + "\\..*", Pattern.DOTALL).matcher(value).matches());
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static Optional<Long> number(Leaf leaf, String path) {
    return leaf.number(path).isPresent()
        ? Optional.of(leaf.number(path).getAsLong())
        : Optional.empty();
  }

  private static Optional<Long> redactions(List<Leaf> leaves) {
    long count =
        leaves.stream()
            .flatMap(leaf -> leaf.list("red").stream())
            .mapToLong(r -> (Long) ((Map<?, ?>) r).get("n"))
            .sum();
    return count == 0 ? Optional.empty() : Optional.of(count);
  }

  public static Stream<String> values(List<Leaf> leaves, Field field) {
    Leaf first = leaves.getFirst();
    Leaf last = leaves.getLast();
    return switch (field) {
      case USER -> first.text("sub.id").stream();
      case UPSTREAM -> first.text("up").stream();
      case METHOD -> first.text("meth").stream();
      case TOOL -> first.text("tool").stream();
      case VERDICT -> first.text("verdict").stream();
      case OUTCOME -> last.text("out").stream();
      case RULE -> first.list("rules").stream().map(r -> (String) ((Map<?, ?>) r).get("rule"));
      case FILE ->
          first.list("rules").stream()
              .map(r -> ((Map<?, ?>) r).get("file") + ":" + ((Map<?, ?>) r).get("row"));
      case REASON ->
          Stream.of(
                  first.list("why").stream().map(String.class::cast),
                  first.list("warn").stream().map(String.class::cast),
                  last.text("detail").stream())
              .flatMap(s -> s);
      case LABEL -> entries(first.fields().get("labels"));
      case SESSION -> first.text("sid").stream();
      case CLIENT -> first.text("cli.name").stream();
      case POLICY -> first.text("pol").stream();
      case CONFIG -> first.text("cfg").stream();
      case KIND ->
          first.kind().equals("intent") || first.kind().equals("refusal")
              ? Stream.of(first.kind(), "call")
              : Stream.of(first.kind());
      case EVENT -> first.text("ev").stream();
      case REDACTED ->
          leaves.stream()
              .flatMap(l -> l.list("red").stream())
              .map(r -> (String) ((Map<?, ?>) r).get("rule"));
      case VERIFIED -> first.text("sub.by").stream();
      case VIA -> first.text("src.via").stream();
      case ADDRESS -> first.text("src.addr").map(a -> a.substring(0, a.indexOf(':'))).stream();
      case OBLIGATION -> first.list("obl").stream().map(String.class::cast);
      case ERROR ->
          last.kind().equals("outcome")
              ? Stream.concat(
                  number(last, "err").map(String::valueOf).stream(),
                  last.fields().get("res") instanceof Map<?, ?> r
                          && Boolean.TRUE.equals(r.get("error"))
                      ? Stream.of("tool")
                      : Stream.empty())
              : Stream.empty();
      case RUN -> first.text("boot").stream();
      case FACT ->
          List.of("heartbeat", "start", "stop", "genesis").contains(first.text("ev").orElse(""))
              ? Stream.empty()
              : entries(first.fields().get("f"));
    };
  }

  private static Stream<String> entries(@Nullable Object map) {
    return map instanceof Map<?, ?> entries
        ? entries.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue())
        : Stream.empty();
  }
}
