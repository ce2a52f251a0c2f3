package io.outrider.app.cli;

import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.verify.Anchor;
import io.outrider.audit.verify.LeafText;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.Problem;
import io.outrider.audit.verify.SafeText;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// The result of a verification: for somebody who knows no cryptography, and for programs.
final class VerificationText {
  /// Of a proof, a checkpoint or a policy; each is some kilobytes.
  static final int MAX_PROOF = 4 << 20;

  /// Anchors shown; the newest of each party say it all.
  private static final int ANCHORS = 8;

  private VerificationText() {}

  static void print(Terminal terminal, Verification result) {
    Style style = terminal.style();
    String word = result.verdict().slug().toUpperCase(Locale.ROOT);
    String shown = result.verdict() == Verdict.OK ? style.good(word) : style.bad(word);
    terminal.out().println(shown + "  " + headline(result));
    terminal.out().println("  " + sentence(result));
    if (result.checkpoint() != null) {
      line(terminal, "log", result.checkpoint().origin() + ", size " + result.checkpoint().size());
      line(terminal, "root", HexFormat.of().formatHex(result.checkpoint().root()));
    }
    if (result.key() != null) {
      line(terminal, "key", result.key().toString());
      if (result.keyFromFolder()) {
        line(
            terminal,
            "note",
            style.warn(
                "the key is the "
                    + (result.scope() == Verification.Scope.BUNDLE ? "bundle" : "folder")
                    + "'s own; compare it with one you keep elsewhere, or give --key"));
      }
    }
    if (!result.counts().isEmpty()) {
      line(
          terminal,
          "kinds",
          String.join(
              ", ",
              new TreeMap<>(result.counts())
                  .entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList()));
    }
    if (result.pruned() > 0) {
      line(
          terminal,
          "pruned",
          Cli.count(result.pruned(), "record") + " dropped, as a signed record allows");
    }
    if (result.scope() == Verification.Scope.LOG) {
      pairs(terminal, result.pairs());
      history(terminal, result.history());
    }
    anchors(terminal, result);
    result.problems().forEach(problem -> terminal.out().println("  " + safe(problem.toString())));
    if (result.problemCount() > result.problems().size()) {
      terminal
          .out()
          .println("  and " + (result.problemCount() - result.problems().size()) + " more");
    }
  }

  private static void line(Terminal terminal, String name, String text) {
    terminal.out().println(terminal.style().dim(String.format(Locale.ROOT, "  %-8s", name)) + text);
  }

  private static String headline(Verification result) {
    return switch (result.scope()) {
      case LOG ->
          Cli.count(result.records(), "record")
              + (result.tail() > 0 ? " and " + result.tail() + " not under a checkpoint yet" : "")
              + (result.inFlight() > 0
                  ? ", " + Cli.count(result.inFlight(), "call") + " in flight"
                  : "");
      case BUNDLE ->
          result.verdict() == Verdict.TAMPERED || result.verdict() == Verdict.UNREADABLE
              ? Cli.count(result.records(), "record") + " proven; the bundle as a whole is not"
              : Cli.count(result.records(), "record") + " of a log, each proven";
      case PROOF -> result.records() == 1 ? "the record is in the log" : "not proven";
    };
  }

  /// What the verdict means, for a person who has to rely on it.
  private static String sentence(Verification result) {
    boolean whole = result.scope() == Verification.Scope.LOG;
    return switch (result.verdict()) {
      case OK ->
          whole
              ? result.pruned() > 0
                  ? "The first "
                      + Cli.count(result.pruned(), "record")
                      + " were dropped, as a signed record says. Every later one is there, unchanged and in order, and every call among them has its outcome."
                  : "Every record that was signed is there, unchanged and in order, and every call has its outcome."
              : "What is shown here was in the log when it was signed, unchanged. That nothing was left out, only the whole log can show.";
      case TAMPERED ->
          "Something was changed, removed, added or reordered after it was signed, or a signature is wrong. What and where stands below.";
      case UNREADABLE -> "It cannot be read as far as it must be to judge it.";
      case INCOMPLETE ->
          whole
              ? "Nothing that was signed was changed, but the record has holes. Which stands below."
              : "What is shown here was in the log when it was signed, but not all that was asked can be shown from it.";
      case NOT_ANCHORED ->
          "Nothing that was signed was changed or left out, but the holder of the log's key alone vouches for it.";
    };
  }

  private static void pairs(Terminal terminal, Verification.Pairs pairs) {
    if (pairs.calls() > 0 || pairs.unpaired() > 0) {
      line(
          terminal,
          "calls",
          pairs.calls()
              + " let through: "
              + pairs.answered()
              + " with outcome, "
              + pairs.indeterminate()
              + " indeterminate, "
              + pairs.inFlight()
              + " in flight"
              + (pairs.unpaired() > 0 ? ", " + pairs.unpaired() + " unpaired" : ""));
    }
  }

  private static void history(Terminal terminal, Verification.History history) {
    if (history.kept() > 0) {
      line(
          terminal,
          "history",
          Cli.count(history.kept(), "earlier checkpoint")
              + " kept and compared"
              + (history.signaturesChecked() < history.kept()
                  ? ", the signatures of "
                      + history.signaturesChecked()
                      + " checked; --deep checks all"
                  : ""));
    }
  }

  private static void anchors(Terminal terminal, Verification result) {
    if (result.anchors().isEmpty()) {
      if (result.verdict() == Verdict.OK || result.verdict() == Verdict.NOT_ANCHORED) {
        line(terminal, "anchors", "none found");
      }
      return;
    }
    List<Anchor> newest =
        result.anchors().stream()
            .filter(anchor ->
                result.anchors().stream()
                    .filter(other -> other.by().equals(anchor.by()))
                    .findFirst()
                    .filter(first -> first == anchor)
                    .isPresent())
            .limit(ANCHORS)
            .toList();
    for (Anchor anchor : newest) {
      line(
          terminal,
          "anchor",
          safe(anchor.time() + "  " + anchor.kind() + " " + anchor.by())
              + ", the first "
              + Cli.count(anchor.size(), "record")
              + (anchor.checked()
                  ? ""
                  : terminal.style().warn("  unchecked: give its key with --policy")));
    }
  }

  /// A proven record.
  static void record(Terminal terminal, Leaf leaf) {
    terminal.out().println(LeafText.line(new LogEntry(leaf.index(), leaf, true)).strip());
  }

  static void json(Terminal terminal, Verification result) {
    terminal.out().println(SafeText.json(JsonMapper.shared().writeValueAsString(json(result))));
  }

  private static Map<String, Object> json(Verification result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("verdict", result.verdict().slug());
    json.put("exit", result.verdict().exitCode());
    json.put("scope", result.scope().name().toLowerCase(Locale.ROOT));
    json.put("meaning", sentence(result));
    json.put("records", result.records());
    json.put("pruned", result.pruned());
    json.put("tail", result.tail());
    json.put("in_flight", result.inFlight());
    json.put("counts", new TreeMap<>(result.counts()));
    json.put(
        "pairs",
        Map.of(
            "calls", result.pairs().calls(),
            "answered", result.pairs().answered(),
            "indeterminate", result.pairs().indeterminate(),
            "in_flight", result.pairs().inFlight(),
            "unpaired", result.pairs().unpaired()));
    json.put(
        "history",
        Map.of(
            "kept", result.history().kept(),
            "signatures_checked", result.history().signaturesChecked()));
    if (result.checkpoint() != null) {
      json.put("origin", result.checkpoint().origin());
      json.put("size", result.checkpoint().size());
      json.put("root", HexFormat.of().formatHex(result.checkpoint().root()));
    }
    if (result.key() != null) {
      json.put("key", result.key().toString());
      json.put("key_from_folder", result.keyFromFolder());
    }
    json.put("anchors", result.anchors().stream().map(VerificationText::json).toList());
    json.put("problem_count", result.problemCount());
    json.put("problems", result.problems().stream().map(VerificationText::json).toList());
    return json;
  }

  static Map<String, Object> json(Anchor anchor) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", anchor.kind());
    json.put("by", anchor.by());
    json.put("size", anchor.size());
    json.put("time", anchor.time().toString());
    json.put("checked", anchor.checked());
    return json;
  }

  private static Map<String, Object> json(Problem problem) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("severity", problem.severity().slug());
    if (problem.index() >= 0) {
      json.put("record", problem.index());
    }
    json.put("what", problem.what());
    return json;
  }

  private static String safe(String text) {
    return SafeText.of(text, 2_000);
  }
}
