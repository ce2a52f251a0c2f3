package io.outrider.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A list of steps for an MCP client, from `fixtures/plays/`. Each step says what to do and a piece
/// of text its result must hold, so that two equal failures do not pass for agreement.
record Play(String name, List<Step> steps) {
  Play {
    steps = List.copyOf(steps);
  }

  /// One thing to do. `json` goes to the client as it stands.
  record Step(String name, JsonNode json, @Nullable String expect) {}

  /// Reads a play for one client in one era, with `{dir}` standing for `dir`.
  static Play read(String name, String client, String era, Path dir) {
    String text = Repo.read(Repo.fixture("plays/" + name + ".json"));
    List<Step> steps = new ArrayList<>();
    for (JsonNode step : Json.parse(text.replace("{dir}", dir.toString())).get("steps")) {
      if (has(step.path("not"), client) || (step.has("eras") && !has(step.path("eras"), era))) {
        continue;
      }
      JsonNode expect = step.get("expect");
      steps.add(new Step(label(step), step, expect == null ? null : expect.stringValue()));
    }
    return new Play(name, steps);
  }

  static Play of(String name, ObjectNode... steps) {
    return new Play(name, List.of(steps).stream().map(s -> new Step(label(s), s, null)).toList());
  }

  ArrayNode script() {
    ArrayNode all = Json.MAPPER.createArrayNode();
    steps.forEach(step -> all.add(step.json()));
    return all;
  }

  private static String label(JsonNode step) {
    return step.path("name").stringValue(step.path("op").stringValue(""));
  }

  private static boolean has(JsonNode list, String value) {
    for (JsonNode one : list) {
      if (one.stringValue("").equals(value)) {
        return true;
      }
    }
    return false;
  }
}
