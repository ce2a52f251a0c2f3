package io.outrider.policy.generated;

import java.util.List;

/// A program with the questions it is asked.
///
/// @param modules sources, named `m0.rego` and on
/// @param data base data, as JSON text
record Case(long seed, List<String> modules, String data, List<Question> questions) {
  Case {
    modules = List.copyOf(modules);
    questions = List.copyOf(questions);
  }

  /// @param input a Rego term, or empty for none
  /// @param strict whether the error of a built-in stops the evaluation
  record Question(String query, String input, boolean strict) {}
}
