package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What came of a play: what the client printed.
///
/// @param json as `fixtures/clients/play.mjs` describes it
record Played(JsonNode json) {
  /// Differs from one run to the next whoever answers: the clock, and ids made at random.
  private static final List<Pattern> VOLATILE =
      List.of(
          Pattern.compile("\\b\\d{1,2}:\\d{2}:\\d{2}(\\.\\d+)?( [AP]M)?\\b"),
          Pattern.compile("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b"));

  JsonNode step(String name) {
    for (JsonNode step : json.path("steps")) {
      if (step.path("name").stringValue("").equals(name)) {
        return step;
      }
    }
    return fail("no step '" + name + "' in " + json);
  }

  JsonNode result(String name) {
    JsonNode step = step(name);
    assertThat(step.has("result")).as("%s", step).isTrue();
    return step.get("result");
  }

  List<String> toolNames(String listStep) {
    List<String> names = new ArrayList<>();
    result(listStep).path("tools").forEach(tool -> names.add(tool.path("name").stringValue("")));
    return names;
  }

  /// Everything the client was told, as text: to look for what must not be there.
  String text() {
    return json.toString();
  }

  /// Asserts that the client could connect and that each step's result holds what the play expects.
  Played holds(Play play) {
    assertThat(json.has("connect")).as("connecting: %s", json.path("connect")).isFalse();
    assertThat(json.path("steps").size()).as("steps played").isEqualTo(play.steps().size());
    List<String> misses = new ArrayList<>();
    for (int i = 0; i < play.steps().size(); i++) {
      String expect = play.steps().get(i).expect();
      String got = json.path("steps").get(i).toString();
      // Text that is itself JSON arrives escaped once more.
      if (expect != null && !got.contains(expect) && !got.replace("\\\"", "\"").contains(expect)) {
        misses.add(
            "%s: expected to hold %s, got %s".formatted(play.steps().get(i).name(), expect, got));
      }
    }
    assertThat(misses).as("steps of %s that did not go as the play says", play.name()).isEmpty();
    return this;
  }

  /// Asserts that another run of the same play, on a server in another folder, told the client the
  /// same in every step.
  void sameAs(Played direct, Path dir, Path directDir) {
    List<String> differences = new ArrayList<>();
    JsonNode mine = steady(dir);
    JsonNode theirs = direct.steady(directDir);
    compare("server", theirs.path("server"), mine.path("server"), differences);
    for (int i = 0; i < theirs.path("steps").size(); i++) {
      JsonNode expected = theirs.path("steps").get(i);
      compare(
          expected.path("name").stringValue(""), expected, mine.path("steps").path(i), differences);
    }
    compare("asked", bag(theirs.path("asked")), bag(mine.path("asked")), differences);
    assertThat(differences).as("differences between direct and through Outrider").isEmpty();
  }

  private static void compare(String what, JsonNode direct, JsonNode through, List<String> to) {
    if (!direct.equals(through)) {
      to.add("%n%s%n  direct:  %s%n  through: %s".formatted(what, direct, through));
    }
  }

  /// What the server asked, in an order of its own: asks on separate streams may overtake each
  /// other.
  private static JsonNode bag(JsonNode asked) {
    var counts = new TreeMap<String, Integer>();
    asked.forEach(one -> counts.merge(one.toString(), 1, Integer::sum));
    return Json.of(counts);
  }

  private JsonNode steady(Path dir) {
    String text = json.toString().replace(dir.toString(), "{dir}");
    for (Pattern pattern : VOLATILE) {
      text = pattern.matcher(text).replaceAll("*");
    }
    return Json.parse(text);
  }
}
