package io.outrider.app.console;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.Anchor;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Problem;
import io.outrider.audit.verify.PublishedLog;
import io.outrider.audit.verify.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How the log is: its key, its checkpoint, and what the last check came to.
final class StatusView {
  private final PublishedLog published;
  private final VerifierKey key;
  private final boolean keyFromFolder;

  StatusView(LogSource source, VerifierKey key, boolean keyFromFolder) {
    this.published = new PublishedLog(source);
    this.key = key;
    this.keyFromFolder = keyFromFolder;
  }

  String origin() {
    return key.name();
  }

  Map<String, Object> log() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("origin", key.name());
    json.put("key", key.toString());
    json.put("key_id", key.idHex());
    json.put("key_from_folder", keyFromFolder);
    try {
      Optional<PublishedLog.Signed> signed = published.checkpoint();
      if (signed.isPresent()) {
        json.put("checkpoint", checkpoint(signed.get().checkpoint()));
        json.put("note", new String(signed.get().note(), StandardCharsets.UTF_8));
      } else {
        json.put("checkpoint_error", "checkpoint: missing (expected: a signed checkpoint)");
      }
    } catch (IOException | FormatException e) {
      json.put("checkpoint_error", String.valueOf(e.getMessage()));
    }
    return json;
  }

  private static Map<String, Object> checkpoint(Checkpoint checkpoint) {
    return Map.of(
        "origin",
        checkpoint.origin(),
        "size",
        checkpoint.size(),
        "root",
        HexFormat.of().formatHex(checkpoint.root()));
  }

  static Map<String, Object> verifying(Verifying.State state) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("running", state.running());
    if (state.running()) {
      json.put("checked", state.checked());
    }
    state.last().ifPresent(last -> json.put("last", result(last)));
    return json;
  }

  private static Map<String, Object> result(Verifying.Result result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("at", result.at().toString());
    json.put("took_ms", result.took().toMillis());
    Verification verification = result.verification();
    if (verification == null) {
      json.put("verdict", "unreadable");
      json.put("error", String.valueOf(result.error()));
      return json;
    }
    json.put("verdict", verification.verdict().slug());
    json.put("records", verification.records());
    json.put("tail", verification.tail());
    json.put("in_flight", verification.inFlight());
    json.put("indeterminate", verification.pairs().indeterminate());
    json.put("pruned", verification.pruned());
    json.put("history", verification.history().kept());
    json.put("anchors", RowJson.all(verification.anchors(), StatusView::anchor));
    json.put("counts", new TreeMap<>(verification.counts()));
    Checkpoint checkpoint = verification.checkpoint();
    if (checkpoint != null) {
      json.put("checkpoint", checkpoint(checkpoint));
    }
    json.put("key_from_folder", verification.keyFromFolder());
    json.put("problem_count", verification.problemCount());
    json.put("problems", RowJson.all(verification.problems(), StatusView::problem));
    return json;
  }

  private static Map<String, Object> anchor(Anchor anchor) {
    return Map.of(
        "kind",
        anchor.kind(),
        "by",
        RowJson.cut(anchor.by()),
        "size",
        anchor.size(),
        "time",
        anchor.time().toString(),
        "checked",
        anchor.checked());
  }

  private static Map<String, Object> problem(Problem problem) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("severity", problem.severity().slug());
    if (problem.index() >= 0) {
      json.put("index", problem.index());
    }
    json.put("what", RowJson.cut(problem.what()));
    return json;
  }
}
