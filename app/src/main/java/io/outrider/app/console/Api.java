package io.outrider.app.console;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.record.Event;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.review.index.Bucket;
import io.outrider.review.index.Facet;
import io.outrider.review.index.LogIndex;
import io.outrider.review.index.Page;
import io.outrider.review.index.Timeline;
import io.outrider.review.query.Field;
import io.outrider.review.query.Query;
import io.outrider.review.query.QueryException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The questions the page asks. Each has its parameters and no others.
final class Api {
  private static final int MOST_ROWS = 500;
  private static final int MOST_BUCKETS = 500;
  private static final int MOST_FACETS = 100;
  private static final int MOST_FIELDS = 10;

  /// Each record is a file of its own in the archive, with a proof.
  private static final int MOST_EVIDENCE = 50_000;

  /// Room in an event for its other facts.
  private static final int LONGEST_ASKED = 8_000;

  private final LogSource source;
  private final LogIndex index;
  private final Indexing indexing;
  private final Verifying verifying;
  private final StatusView status;
  private final CallView calls;
  private final Gate gate;
  private final Ledger ledger;
  private final String version;
  private final InstantSource clock;

  Api(
      LogSource source,
      LogIndex index,
      Indexing indexing,
      Verifying verifying,
      StatusView status,
      CallView calls,
      Gate gate,
      Ledger ledger,
      String version,
      InstantSource clock) {
    this.source = source;
    this.index = index;
    this.indexing = indexing;
    this.verifying = verifying;
    this.status = status;
    this.calls = calls;
    this.gate = gate;
    this.ledger = ledger;
    this.version = version;
    this.clock = clock;
  }

  /// Answers one question.
  ///
  /// @param name the last part of the path
  /// @param query of the URL, as it came
  Answer answer(String name, @Nullable String query, Visitor visitor) throws IOException {
    indexing.wanted();
    try {
      return switch (name) {
        case "status" -> {
          Params.of(query, List.of());
          yield status(visitor);
        }
        case "verify" -> verify(Params.of(query, List.of("start")));
        case "calls" -> search(Params.of(query, List.of("q", "cursor", "order", "limit")));
        case "count" -> count(Params.of(query, List.of("q")));
        case "histogram" -> histogram(Params.of(query, List.of("q", "from", "until", "buckets")));
        case "facets" -> facets(Params.of(query, List.of("q", "fields", "limit")));
        case "call" -> call(Params.of(query, List.of("id")), visitor);
        case "record" -> record(Params.of(query, List.of("index")), visitor);
        case "proof" -> proof(Params.of(query, List.of("index")), visitor);
        case "policy" -> policy(Params.of(query, List.of("digest", "file")));
        case "export" -> export(Params.of(query, List.of("q", "as")), visitor);
        default -> Answer.error(404, "not found");
      };
    } catch (BadRequest e) {
      return Answer.error(e.status(), String.valueOf(e.getMessage()));
    } catch (QueryException e) {
      return Answer.json(400, Map.of("error", String.valueOf(e.getMessage()), "at", e.at()));
    } catch (NotRecordedException e) {
      return Answer.unrecorded(e);
    } catch (FormatException e) {
      return Answer.json(
          500, Map.of("error", "the log is damaged: " + e.getMessage(), "damaged", true));
    }
  }

  private Answer status(Visitor visitor) {
    Indexing.State indexed = indexing.state();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("who", visitor.who());
    json.put("asks", gate.asks());
    json.put("now", clock.instant().toString());
    json.put("log", status.log());
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("usable", indexed.usable());
    part.put("records", indexed.records());
    part.put("total", indexed.total());
    if (indexed.error() != null) {
      part.put("error", indexed.error());
    }
    json.put("index", part);
    json.put("verification", StatusView.verifying(verifying.state()));
    return Answer.json(200, json);
  }

  private Answer verify(Params params) throws BadRequest {
    if (params.flag("start")) {
      verifying.start();
    }
    return Answer.json(200, StatusView.verifying(verifying.state()));
  }

  private Query query(Params params) throws BadRequest, QueryException {
    if (!indexing.state().usable()) {
      throw new BadRequest(503, "the index is being built; ask again in a second");
    }
    return Query.parse(params.text("q").orElse(""), clock.instant());
  }

  private Answer search(Params params)
      throws BadRequest, QueryException, IOException, FormatException {
    Query query = query(params);
    Page.Cursor cursor = null;
    if (params.text("cursor").isPresent()) {
      try {
        cursor = Page.Cursor.parse(params.text("cursor").get());
      } catch (IllegalArgumentException e) {
        throw new BadRequest(String.valueOf(e.getMessage()));
      }
    }
    Page.Order order =
        switch (params.text("order").orElse("newest")) {
          case "newest" -> Page.Order.NEWEST;
          case "oldest" -> Page.Order.OLDEST;
          default ->
              throw new BadRequest(
                  "order: '" + params.required("order") + "' (expected: newest or oldest)");
        };
    Page page = index.search(query, cursor, order, params.number("limit", 1, MOST_ROWS, 100));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", RowJson.all(page.rows(), RowJson::of));
    if (!page.damaged().isEmpty()) {
      json.put(
          "damaged",
          RowJson.all(page.damaged(), one -> Map.of("index", one.index(), "why", one.why())));
    }
    page.next().ifPresent(next -> json.put("next", next.toString()));
    json.put("records", page.records());
    return Answer.json(200, json);
  }

  private Answer count(Params params)
      throws BadRequest, QueryException, IOException, FormatException {
    return Answer.json(200, Map.of("count", index.count(query(params))));
  }

  private Answer histogram(Params params)
      throws BadRequest, QueryException, IOException, FormatException {
    List<Bucket> buckets =
        index.histogram(
            query(params),
            time(params, "from"),
            time(params, "until"),
            params.number("buckets", 1, MOST_BUCKETS, 100));
    return Answer.json(
        200,
        Map.of(
            "buckets",
            RowJson.all(
                buckets,
                bucket ->
                    Map.of(
                        "from",
                        bucket.from().toString(),
                        "until",
                        bucket.until().toString(),
                        "counts",
                        bucket.counts()))));
  }

  private static @Nullable Instant time(Params params, String name) throws BadRequest {
    Optional<String> text = params.text(name);
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Instant.parse(text.get());
    } catch (DateTimeParseException e) {
      throw new BadRequest(
          name + ": '" + text.get() + "' (expected: a time like 2026-11-20T12:00:00Z)");
    }
  }

  private Answer facets(Params params)
      throws BadRequest, QueryException, IOException, FormatException {
    Query query = query(params);
    List<String> names = List.of(params.required("fields").split(","));
    if (names.size() > MOST_FIELDS) {
      throw new BadRequest("fields: " + names.size() + " (expected: at most " + MOST_FIELDS + ")");
    }
    int limit = params.number("limit", 1, MOST_FACETS, 10);
    Map<String, Object> json = new LinkedHashMap<>();
    for (String name : names) {
      Field field =
          Field.of(name)
              .orElseThrow(() ->
                  new BadRequest(
                      "fields: '"
                          + name
                          + "' (expected: some of "
                          + Arrays.stream(Field.values())
                              .map(Field::slug)
                              .collect(Collectors.joining(", "))
                          + ")"));
      json.put(name, RowJson.all(index.facets(query, field, limit), Api::facet));
    }
    return Answer.json(200, json);
  }

  /// Long values come whole: they are what one narrows a search to.
  private static Map<String, Object> facet(Facet facet) {
    return Map.of("value", facet.value(), "count", facet.count());
  }

  private Answer call(Params params, Visitor visitor)
      throws BadRequest, IOException, FormatException, NotRecordedException {
    String id = params.required("id");
    if (!indexing.state().usable()) {
      throw new BadRequest(503, "the index is being built; ask again in a second");
    }
    Optional<Timeline> call = index.call(id);
    if (call.isEmpty() && indexing.state().behind()) {
      throw new BadRequest(503, "the index is being built; ask again in a second");
    }
    if (call.isEmpty()) {
      return Answer.error(404, "no call '" + id + "' in this log");
    }
    opened(visitor, "call", id);
    return Answer.json(
        200,
        Map.of(
            "row", RowJson.of(call.get().row()), "records", calls.records(call.get().records())));
  }

  private Answer record(Params params, Visitor visitor)
      throws BadRequest, IOException, FormatException, NotRecordedException {
    long at = params.index("index");
    Optional<LogEntry> entry = index.record(at);
    if (entry.isEmpty()) {
      return Answer.error(404, "no record " + at + " in this log");
    }
    // A record of a call is shown with the rest of it: alone, a call that ended would seem to be in
    // flight.
    Optional<String> callId = entry.get().leaf().text("call");
    Optional<Timeline> call =
        callId.isPresent() && indexing.state().usable()
            ? index.call(callId.get())
            : Optional.empty();
    List<LogEntry> shown = call.map(Timeline::records).orElseGet(() -> List.of(entry.get()));
    opened(visitor, "record", Long.toString(at));
    return Answer.json(200, Map.of("records", calls.records(shown)));
  }

  /// Records the first time that a visitor opens something.
  private void opened(Visitor visitor, String what, String id) throws NotRecordedException {
    if (!visitor.hasOpened(what + " " + id)) {
      ledger.record(
          Event.Kind.REVIEW,
          Map.of("who", visitor.who(), "command", "console", "from", visitor.address(), what, id));
      visitor.opened(what + " " + id);
    }
  }

  private Answer proof(Params params, Visitor visitor)
      throws BadRequest, IOException, FormatException, NotRecordedException {
    long at = params.index("index");
    byte[] proof = InclusionProver.prove(source, at).bytes();
    ledger.record(
        Event.Kind.EXPORT,
        Map.of(
            "who", visitor.who(),
            "command", "console",
            "from", visitor.address(),
            "as", "tlog-proof",
            "record", Long.toString(at)));
    return new Answer.Whole(200, Answer.TEXT, proof, attachment("record-" + at + ".tlog-proof"));
  }

  private Answer policy(Params params) throws BadRequest, IOException, FormatException {
    String digest = params.required("digest");
    return calls
        .policy(digest, params.text("file"))
        .map(policy -> Answer.json(200, policy))
        .orElseGet(() -> Answer.error(404, "the policy " + digest + " is not kept in this log"));
  }

  private Answer export(Params params, Visitor visitor)
      throws BadRequest, QueryException, IOException, FormatException {
    Query query = query(params);
    Selection.Format as = Selection.Format.of(params.text("as").orElse("jsonl"));
    long count = index.count(query);
    if (as == Selection.Format.EVIDENCE && count > MOST_EVIDENCE) {
      throw new BadRequest(
          "as: evidence of "
              + count
              + " calls and events (expected: at most "
              + MOST_EVIDENCE
              + "; for more: outrider audit export --as evidence)");
    }
    Map<String, String> facts =
        Map.of(
            "who",
            visitor.who(),
            "command",
            "console",
            "from",
            visitor.address(),
            "as",
            as.slug(),
            "asked",
            RowJson.cut(query.text(), LONGEST_ASKED),
            "count",
            Long.toString(count));
    Instant now = clock.instant();
    return new Answer.Streamed(
        as.type(),
        attachment(as.fileName()),
        () -> ledger.record(Event.Kind.EXPORT, facts),
        out -> new Selection(source, index, query).write(as, status.origin(), version, now, out));
  }

  private static Map<String, String> attachment(String name) {
    return Map.of("Content-Disposition", "attachment; filename=\"" + name + "\"");
  }
}
