package io.outrider.policy;

import static java.util.stream.Collectors.joining;

import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Puts base documents together under one root. Objects are merged; two documents with different
/// values at one place are a problem, as in OPA.
final class BaseData {
  private final Consumer<Diagnostic> problems;
  private final List<PolicyData> documents = new ArrayList<>();
  private RegoObject root = RegoObject.EMPTY;

  BaseData(Consumer<Diagnostic> problems) {
    this.problems = problems;
  }

  RegoObject root() {
    return root;
  }

  void add(PolicyData document) {
    RegoValue value = document.value();
    for (int i = document.path().size() - 1; i >= 0; i--) {
      value = RegoObject.builder(1).put(document.path().get(i), value).build();
    }
    RegoValue merged = merge(root, value, "data", document);
    if (merged instanceof RegoObject object) {
      root = object;
      documents.add(document);
    } else {
      problem(document, "document must be of type object");
    }
  }

  private RegoValue merge(
      @Nullable RegoValue before, RegoValue after, String path, PolicyData document) {
    if (before == null || before.equals(after)) {
      return after;
    }
    if (!(before instanceof RegoObject a && after instanceof RegoObject b)) {
      problem(document, path, before);
      return before;
    }
    RegoObject.Builder out = a.toBuilder();
    for (RegoObject.Entry entry : b) {
      String name = entry.key() instanceof RegoString s ? s.value() : entry.key().toString();
      out.put(entry.key(), merge(a.get(entry.key()), entry.value(), path + "." + name, document));
    }
    return out.build();
  }

  /// Reports rules whose path a base document has as well: which of the two counts should not be a
  /// question.
  void checkRules(Program program, Consumer<Diagnostic> sink) {
    for (RuleSet set : program.ruleSets()) {
      RegoValue at = root;
      for (RegoValue key : set.path()) {
        at = at instanceof RegoObject object ? object.get(key) : null;
      }
      if (at != null && !set.defs().isEmpty()) {
        StringBuilder path = new StringBuilder();
        for (RegoValue key : set.path()) {
          path.append(path.isEmpty() ? "" : "/");
          path.append(key instanceof RegoString s ? s.value() : key.toString());
        }
        sink.accept(
            Diagnostic.error(
                Diagnostic.COMPILE,
                set.defs().getFirst().at(),
                "conflicting rule for data path " + path + " found",
                "a data file has a value at the same path"));
      }
    }
  }

  private void problem(PolicyData document, String path, RegoValue before) {
    String other =
        documents.stream()
            .filter(d -> before.equals(at(d, path)))
            .map(d -> ", also defined in " + d.name())
            .findFirst()
            .orElse("");
    problem(document, "merge error: conflicting values at " + path + other);
  }

  private static @Nullable RegoValue at(PolicyData document, String path) {
    String prefix = "data." + document.path().stream().map(p -> p + ".").collect(joining());
    if (!path.startsWith(prefix)) {
      return null;
    }
    RegoValue value = document.value();
    for (String name : List.of(path.substring(prefix.length()).split("\\.", -1))) {
      value = value instanceof RegoObject object ? object.get(name) : null;
    }
    return value;
  }

  private void problem(PolicyData document, String message) {
    Span start = new Span(new Source(document.name(), ""), 0, 0);
    problems.accept(Diagnostic.error(Diagnostic.COMPILE, start, message, null));
  }
}
