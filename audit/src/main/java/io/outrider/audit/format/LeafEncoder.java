package io.outrider.audit.format;

import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Client;
import io.outrider.audit.record.Decision;
import io.outrider.audit.record.Event;
import io.outrider.audit.record.Intent;
import io.outrider.audit.record.Outcome;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Principal;
import io.outrider.audit.record.Redaction;
import io.outrider.audit.record.Refusal;
import io.outrider.audit.record.Rule;
import io.outrider.audit.record.Source;
import io.outrider.audit.record.Target;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns records into leaves: one line of canonical JSON each, schema version 1 of
/// `docs/audit-format.md`.
///
/// Keys are emitted in sorted order by construction. Text that is too long is cut, and the whole of
/// it is committed to and kept in the annex. Reuses its buffers: the bytes of a leaf are valid
/// until the next call. Not thread-safe.
public final class LeafEncoder {

  /// Schema version, field `v`.
  public static final int VERSION = 1;

  /// An entry bundle gives a leaf a 16-bit length.
  public static final int MAX_LEAF = 65_535;

  /// Longest text of one field. What people meant is shorter; what is longer was meant for somebody
  /// else.
  static final int MAX_FIELD = 512;

  /// Longest tool name or resource URI, the one field where length is honest.
  static final int MAX_NAME = 2_048;

  /// Most elements of a list or map.
  static final int MAX_LIST = 32;

  /// Text of one list, all elements together, so that no client can push the fields behind it out
  /// of the record. All lists and fields at their limits, with punctuation and marks, stay below
  /// [#MAX_LEAF].
  static final int MAX_LIST_TEXT = 4_096;

  /// The same for the facts of an event, which has no other list.
  static final int MAX_EVENT_TEXT = 16_384;

  /// Longest key of a label.
  static final int MAX_KEY = 64;

  /// Most cut fields that get a mark of their own; 140 bytes each.
  private static final int MAX_CUTS = 32;

  private static final byte[] IN_DIGEST = ascii("in.digest");
  private static final byte[] IN_TEXT = ascii("in.text");
  private static final byte[] RES_DIGEST = ascii("res.digest");
  private static final byte[] RES_TEXT = ascii("res.text");

  private static final int QUOTES = 2;

  private final Bytes leaf = new Bytes(4_096);
  private final Bytes annex = new Bytes(4_096);
  private final JsonWriter json = new JsonWriter(leaf);
  private final Commitment commitment = new Commitment();
  private final TimeWriter time = new TimeWriter();
  private final FamiliarTexts familiar = new FamiliarTexts();
  private final int maxAnnex;
  private final byte[] boot;
  private final List<Cut> cuts = new ArrayList<>();
  private int room;
  private int unmarkedCuts;

  private record Cut(String field, byte[] commitment, long size) {}

  /// @param boot id of this process, so that records of one run can be told apart
  /// @param maxAnnex most bytes of openings kept for one record
  public LeafEncoder(long boot, int maxAnnex) {
    this.boot = ('"' + HexFormat.of().toHexDigits(boot) + '"').getBytes(StandardCharsets.US_ASCII);
    this.maxAnnex = maxAnnex;
  }

  /// Encodes `record` as the leaf at `index`.
  ///
  /// @param monotonicNanos nanoseconds since the process opened the log
  /// @param intentIndex for an outcome, the index of its intent; -1 if unknown
  public void encode(AuditRecord record, long index, long monotonicNanos, long intentIndex) {
    json.reset();
    annex.clear();
    cuts.clear();
    room = Integer.MAX_VALUE;
    unmarkedCuts = 0;
    json.beginObject();
    json.key(Keys.BOOT);
    json.raw(boot, 0, boot.length);
    switch (record) {
      case Intent intent -> call(intent.call(), intent.decision(), null, index, monotonicNanos);
      case Refusal refusal ->
          call(refusal.call(), refusal.decision(), refusal, index, monotonicNanos);
      case Outcome outcome -> outcome(outcome, index, monotonicNanos, intentIndex);
      case Event event -> event(event, index, monotonicNanos);
    }
    excess();
    json.endObject();
    if (leaf.length() > MAX_LEAF) {
      throw new IllegalStateException(
          "leaf of " + leaf.length() + " bytes (expected: at most " + MAX_LEAF + ")");
    }
  }

  /// The buffer holding the leaf.
  public byte[] leaf() {
    return leaf.array();
  }

  public int leafLength() {
    return leaf.length();
  }

  /// The buffer holding the openings of the leaf's commitments.
  public byte[] annex() {
    return annex.array();
  }

  public int annexLength() {
    return annex.length();
  }

  private void call(
      CallFacts call,
      Decision decision,
      @Nullable Refusal refusal,
      long index,
      long monotonicNanos) {
    Source source = call.source();
    Target target = call.target();
    json.key(Keys.CALL);
    json.string(call.callId());
    optional(Keys.CFG, "cfg", decision.configDigest());
    client(call.client());
    optional(Keys.DEF, "def", target.definitionDigest());
    optional(Keys.ERA, "era", target.era());
    json.key(Keys.I);
    json.number(index);
    payload(Keys.IN, IN_DIGEST, IN_TEXT, call.input(), null);
    kind(refusal == null ? Keys.INTENT : Keys.REFUSAL);
    labels(decision.labels());
    json.key(Keys.M);
    json.number(monotonicNanos);
    optional(Keys.METH, "meth", target.method());
    boolean asked = decision.verdict() != Decision.Verdict.NONE;
    if (asked || refusal == null) {
      json.key(Keys.NS);
      json.beginObject();
      if (asked) {
        json.key(Keys.POLICY);
        json.number(decision.evaluationNanos());
      }
      json.key(Keys.WAIT);
      json.number(decision.limitWaitNanos());
      json.endObject();
    }
    list(Keys.OBL, "obl", decision.obligations());
    if (refusal != null) {
      json.key(Keys.OUT);
      json.string(refusal.slug());
    }
    optional(Keys.POL, "pol", decision.bundleDigest());
    redactions(decision.redactions());
    optional(Keys.REV, "rev", target.revision());
    optional(Keys.RID, "rid", source.requestId());
    rules(decision.rules());
    optional(Keys.SID, "sid", source.sessionId());
    source(source);
    principal(call.principal());
    time(call.time());
    if (target.name() != null) {
      json.key(Keys.TOOL);
      bounded("tool", target.name(), MAX_NAME);
    }
    optional(Keys.TP, "tp", source.traceparent());
    optional(Keys.UP, "up", target.upstream());
    version();
    json.key(Keys.VERDICT);
    json.string(decision.verdict().slug());
    list(Keys.WARN, "warn", decision.warnings());
    if (refusal != null) {
      list(Keys.WHY, "why", refusal.reasons());
    }
  }

  private void outcome(Outcome outcome, long index, long monotonicNanos, long intentIndex) {
    json.key(Keys.CALL);
    json.string(outcome.callId());
    optional(Keys.DETAIL, "detail", outcome.detail());
    if (outcome.errorCode().isPresent()) {
      json.key(Keys.ERR);
      json.number(outcome.errorCode().getAsInt());
    }
    json.key(Keys.I);
    json.number(index);
    if (intentIndex >= 0) {
      json.key(Keys.INTENT_INDEX);
      json.number(intentIndex);
    }
    kind(Keys.OUTCOME);
    json.key(Keys.M);
    json.number(monotonicNanos);
    json.key(Keys.NS);
    json.beginObject();
    json.key(Keys.TOTAL);
    json.number(outcome.totalNanos());
    json.key(Keys.UP);
    json.number(outcome.upstreamNanos());
    json.endObject();
    json.key(Keys.OUT);
    json.string(outcome.slug());
    redactions(outcome.redactions());
    payload(Keys.RES, RES_DIGEST, RES_TEXT, outcome.response(), outcome.isError());
    time(outcome.time());
    version();
  }

  private void event(Event event, long index, long monotonicNanos) {
    json.key(Keys.EV);
    json.string(event.kind().slug());
    if (!event.fields().isEmpty()) {
      json.key(Keys.F);
      map("f", event.fields(), MAX_EVENT_TEXT);
    }
    json.key(Keys.I);
    json.number(index);
    kind(Keys.EVENT);
    json.key(Keys.M);
    json.number(monotonicNanos);
    time(event.time());
    version();
  }

  private void client(Client client) {
    if (client.name() == null && client.version() == null) {
      return;
    }
    json.key(Keys.CLI);
    json.beginObject();
    optional(Keys.NAME, "cli.name", client.name());
    json.key(Keys.UNVERIFIED);
    json.bool(true);
    optional(Keys.VERSION, "cli.version", client.version());
    json.endObject();
  }

  private void source(Source source) {
    json.key(Keys.SRC);
    json.beginObject();
    optional(Keys.ADDR, "src.addr", source.address());
    optional(Keys.FWD, "src.fwd", source.forwardedFor());
    optional(Keys.VIA, "src.via", source.transport());
    json.endObject();
  }

  private void principal(Principal principal) {
    json.key(Keys.SUB);
    json.beginObject();
    optional(Keys.BY, "sub.by", principal.verifiedBy());
    optional(Keys.ID, "sub.id", principal.id());
    optional(Keys.TYPE, "sub.type", principal.type());
    json.endObject();
  }

  private void payload(
      byte[] key,
      byte[] digestField,
      byte[] textField,
      Payload payload,
      @Nullable Boolean isError) {
    if (payload.bytes() < 0
        && payload.sha256() == null
        && payload.redactedText() == null
        && isError == null) {
      return;
    }
    json.key(key);
    json.beginObject();
    if (payload.bytes() >= 0) {
      json.key(Keys.BYTES);
      json.number(payload.bytes());
    }
    if (payload.sha256() != null) {
      json.key(Keys.DIGEST);
      json.hex(seal(digestField, payload.sha256()));
    }
    if (isError != null) {
      json.key(Keys.ERROR);
      json.bool(isError);
    }
    if (payload.redactedText() != null) {
      json.key(Keys.TEXT);
      json.hex(seal(textField, payload.redactedText()));
    }
    json.endObject();
  }

  private void labels(Map<String, String> labels) {
    if (!labels.isEmpty()) {
      json.key(Keys.LABELS);
      map("labels", labels, MAX_LIST_TEXT);
    }
  }

  private void map(String field, Map<String, String> map, int textLimit) {
    json.beginObject();
    beginList(textLimit);
    int kept = 0;
    for (Map.Entry<String, String> entry : map.entrySet()) {
      String key = entry.getKey();
      // A key is kept whole or not at all: two cut keys could become one.
      if (kept == MAX_LIST || room <= 0 || key.length() > MAX_KEY) {
        continue;
      }
      json.key(key);
      bounded(field + "." + key, entry.getValue());
      room -= key.length();
      kept++;
    }
    endList(field, map, kept, map.size());
    json.endObject();
  }

  private void list(byte[] key, String field, List<String> values) {
    if (values.isEmpty()) {
      return;
    }
    json.key(key);
    json.beginArray();
    beginList(MAX_LIST_TEXT);
    int kept = 0;
    for (String value : values) {
      if (kept == MAX_LIST || room <= 0) {
        break;
      }
      bounded(field, value);
      kept++;
    }
    endList(field, values, kept, values.size());
    json.endArray();
  }

  private void rules(List<Rule> rules) {
    if (rules.isEmpty()) {
      return;
    }
    json.key(Keys.RULES);
    json.beginArray();
    beginList(MAX_LIST_TEXT);
    int kept = 0;
    for (Rule rule : rules) {
      if (kept == MAX_LIST || room <= 0) {
        break;
      }
      json.beginObject();
      optional(Keys.FILE, "rules.file", rule.file());
      if (rule.row() > 0) {
        json.key(Keys.ROW);
        json.number(rule.row());
      }
      json.key(Keys.RULE);
      bounded("rules.rule", rule.name());
      json.endObject();
      kept++;
    }
    endList("rules", rules, kept, rules.size());
    json.endArray();
  }

  private void redactions(List<Redaction> redactions) {
    if (redactions.isEmpty()) {
      return;
    }
    json.key(Keys.RED);
    json.beginArray();
    beginList(MAX_LIST_TEXT);
    int kept = 0;
    for (Redaction redaction : redactions) {
      if (kept == MAX_LIST || room <= 0) {
        break;
      }
      json.beginObject();
      json.key(Keys.AT);
      bounded("red.at", redaction.pointer());
      if (!redaction.digest().isEmpty()) {
        json.key(Keys.DIGEST);
        bounded("red.digest", redaction.digest());
      }
      json.key(Keys.LEN);
      json.number(redaction.length());
      json.key(Keys.N);
      json.number(redaction.count());
      json.key(Keys.RULE);
      bounded("red.rule", redaction.rule());
      json.endObject();
      kept++;
    }
    endList("red", redactions, kept, redactions.size());
    json.endArray();
  }

  private void beginList(int textLimit) {
    room = textLimit;
  }

  private void endList(String field, Object whole, int kept, int size) {
    room = Integer.MAX_VALUE;
    if (kept < size) {
      cut(field, whole.toString(), size);
    }
  }

  private void excess() {
    if (cuts.isEmpty()) {
      return;
    }
    json.key(Keys.X);
    json.beginArray();
    for (Cut cut : cuts) {
      json.beginObject();
      json.key(Keys.C);
      json.hex(cut.commitment());
      json.key(Keys.FIELD);
      json.string(cut.field());
      json.key(Keys.N);
      json.number(cut.size());
      json.endObject();
    }
    json.endArray();
    if (unmarkedCuts > 0) {
      json.key(Keys.XN);
      json.number(unmarkedCuts);
    }
  }

  private void optional(byte[] key, String field, @Nullable String value) {
    if (value != null) {
      json.key(key);
      bounded(field, value);
    }
  }

  private void bounded(String field, String value) {
    bounded(field, value, MAX_FIELD);
  }

  private void bounded(String field, String value, int limit) {
    int before = json.length();
    int most = Math.clamp(room, 0, limit);
    byte[] quoted = familiar.find(value);
    if (quoted != null && quoted.length - QUOTES <= most) {
      json.raw(quoted, 0, quoted.length);
    } else if (!json.string(value, most)) {
      room -= json.length() - before;
      cut(field, value, value.length());
      return;
    } else if (quoted == null) {
      // What was written since begins with a comma where one was due.
      int start = leaf.array()[before] == ',' ? before + 1 : before;
      familiar.remember(value, leaf.array(), start, leaf.length());
    }
    room -= json.length() - before;
  }

  private void cut(String field, String whole, int size) {
    if (cuts.size() == MAX_CUTS) {
      unmarkedCuts++;
      return;
    }
    byte[] name = ("x." + cuts.size()).getBytes(StandardCharsets.US_ASCII);
    cuts.add(new Cut(field, seal(name, whole).clone(), size));
  }

  private byte[] seal(byte[] field, String value) {
    return commitment.seal(field, value.getBytes(StandardCharsets.UTF_8), annex, maxAnnex);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void kind(byte[] quotedKind) {
    json.key(Keys.K);
    json.raw(quotedKind, 0, quotedKind.length);
  }

  private void time(Instant instant) {
    json.key(Keys.T);
    byte[] formatted = time.format(instant);
    json.raw(formatted, 0, formatted.length);
  }

  private void version() {
    json.key(Keys.V);
    json.number(VERSION);
  }
}
