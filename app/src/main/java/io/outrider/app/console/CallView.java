package io.outrider.app.console;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Opening;
import io.outrider.audit.format.PolicyContent;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.KeptValues;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.PolicyStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Records whole, each with what proves it, and the policies they name.
final class CallView {
  /// What a page shows of one value; the rest is one command away.
  private static final int LONGEST_VALUE = 64 * 1024;

  private static final int LONGEST_POLICY = 512 * 1024;

  private final LogSource source;
  private final VerifierKey key;

  CallView(LogSource source, VerifierKey key) {
    this.source = source;
    this.key = key;
  }

  List<Map<String, Object>> records(List<LogEntry> entries) {
    return entries.stream().map(this::record).toList();
  }

  /// A record as it stands in the log, whether the signed root leads to it, and the values kept
  /// beside it.
  private Map<String, Object> record(LogEntry entry) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("index", entry.index());
    json.put("kind", entry.leaf().kind());
    entry.leaf().text("t").ifPresent(time -> json.put("time", time));
    json.put("line", entry.leaf().json());
    json.put("proof", proof(entry));
    try {
      List<Map<String, Object>> kept = new ArrayList<>();
      for (Opening opening : KeptValues.of(source, entry.leaf())) {
        kept.add(value(opening));
      }
      json.put("kept", kept);
    } catch (IOException | FormatException e) {
      json.put("kept_error", String.valueOf(e.getMessage()));
    }
    return json;
  }

  private Map<String, Object> proof(LogEntry entry) {
    if (!entry.checkpointed()) {
      return Map.of("state", "pending");
    }
    try {
      ProofFile proof = InclusionProver.prove(source, entry.index());
      InclusionProver.check(proof, key);
      return Map.of("state", "proven", "hashes", proof.path().size());
    } catch (IOException | FormatException e) {
      return Map.of("state", "broken", "why", String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, Object> value(Opening opening) {
    String text = new String(opening.value(), StandardCharsets.UTF_8);
    return Map.of(
        "field",
        opening.field(),
        "text",
        RowJson.cut(text, LONGEST_VALUE),
        "cut",
        text.length() > LONGEST_VALUE);
  }

  /// The files of a policy, or of one of its files; empty if it is not kept.
  Optional<Map<String, Object>> policy(String digest, Optional<String> only)
      throws IOException, FormatException {
    Optional<List<PolicyContent.File>> files = PolicyStore.read(source, digest);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    int left = LONGEST_POLICY;
    List<Map<String, Object>> shown = new ArrayList<>();
    for (PolicyContent.File file : files.get()) {
      boolean whole = only.isEmpty() || only.get().equals(file.name());
      String text = whole ? RowJson.cut(file.text(), Math.max(left, 1)) : "";
      left -= text.length();
      shown.add(
          whole
              ? Map.of("kind", file.kind(), "name", file.name(), "text", text)
              : Map.of("kind", file.kind(), "name", file.name()));
    }
    return Optional.of(Map.of("digest", digest, "files", shown, "cut", left <= 0));
  }
}
