package io.outrider.redaction.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.redaction.check.Checks;
import io.outrider.redaction.rule.Rule;
import io.outrider.redaction.rule.RuleReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EngineTest {
  @Test
  void everyBuiltInRuleHasALiteralToLookFor() throws IOException {
    var reader = new RuleReader(Checks.names(), Set.of());
    for (String name :
        List.of(
            "cloud",
            "code",
            "ci",
            "chat",
            "ai",
            "payment",
            "saas",
            "observability",
            "data",
            "credentials",
            "forms",
            "generic",
            "personal")) {
      try (InputStream in =
          Engine.class.getResourceAsStream("/io/outrider/redaction/rules/" + name + ".toml")) {
        reader.read(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    List<Rule> rules = reader.rules();
    Engine engine = new Engine(rules, 0);
    List<String> costly = new ArrayList<>();
    for (int rule : engine.everywhere) {
      costly.add(rules.get(rule).id());
    }
    assertThat(costly).as("each of these costs a pass of its own over every message").isEmpty();
    assertThat(engine.others).as("literals that cost a walk of every message").isNull();
  }
}
