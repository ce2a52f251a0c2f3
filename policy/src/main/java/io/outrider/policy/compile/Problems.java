package io.outrider.policy.compile;

import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Span;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one compilation found wrong, by stage.
final class Problems {
  private final Map<Stage, List<Diagnostic>> byStage = new EnumMap<>(Stage.class);

  void add(Stage stage, Diagnostic problem) {
    byStage.computeIfAbsent(stage, s -> new ArrayList<>()).add(problem);
  }

  void compile(Stage stage, Span at, String message, @Nullable String hint) {
    add(stage, Diagnostic.error(Diagnostic.COMPILE, at, message, hint));
  }

  void type(Stage stage, Span at, String message, @Nullable String hint) {
    add(stage, Diagnostic.error(Diagnostic.TYPE, at, message, hint));
  }

  void unsafe(Stage stage, Span at, String message, @Nullable String hint) {
    add(stage, Diagnostic.error(Diagnostic.UNSAFE, at, message, hint));
  }

  /// Whether a stage before `stage` found something that makes it pointless.
  boolean stopsBefore(Stage stage) {
    return byStage.keySet().stream().anyMatch(s -> s.isLast() && s.compareTo(stage) < 0);
  }

  /// Those that count, by place.
  List<Diagnostic> all() {
    List<Diagnostic> found = new ArrayList<>();
    for (Map.Entry<Stage, List<Diagnostic>> entry : byStage.entrySet()) {
      boolean over = stopsBefore(entry.getKey());
      // Unused names are looked for together with the other mistakes of local names.
      if (over && !(entry.getKey() == Stage.UNUSED_LOCALS && !stopsBefore(Stage.LOCALS))) {
        break;
      }
      found.addAll(entry.getValue());
    }
    return found.stream().distinct().sorted().toList();
  }
}
