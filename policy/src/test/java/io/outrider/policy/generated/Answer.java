package io.outrider.policy.generated;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a question gave: the code of an error, or solutions, of which undefined has none. Values
/// are Rego text, which tells sets from arrays and numbers by how they are written.
sealed interface Answer {
  /// @param at `compile` if the program is not accepted, otherwise `eval`
  record Failed(String at, String code, String message) implements Answer {}

  record Solutions(List<Map<String, String>> all) implements Answer {
    public Solutions {
      all = List.copyOf(all);
    }
  }

  static Solutions of(List<Map<String, RegoValue>> solutions) {
    List<Map<String, String>> all = new ArrayList<>();
    for (Map<String, RegoValue> solution : solutions) {
      Map<String, String> texts = new TreeMap<>();
      solution.forEach((name, value) -> texts.put(name, value.toString()));
      all.add(texts);
    }
    return new Solutions(all);
  }

  /// One line for comparing and recording: `!code`, or the distinct solutions as JSON.
  default String line() {
    return switch (this) {
      case Failed f -> f.at.equals("compile") ? "!compile" : "!" + f.code;
      case Solutions s -> {
        TreeSet<RegoValue> distinct = new TreeSet<>();
        for (Map<String, String> solution : s.all) {
          RegoObject.Builder o = RegoObject.builder();
          solution.forEach((name, text) -> o.put(name, RegoString.of(text)));
          distinct.add(o.build());
        }
        yield RegoJson.write(RegoArray.of(List.copyOf(distinct)));
      }
    };
  }
}
