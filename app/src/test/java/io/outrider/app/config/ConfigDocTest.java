package io.outrider.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigDocTest {
  private static final Path DOC = Path.of("..", "docs", "configuration.md");

  @Test
  void thePageSaysWhatTheTableSays() throws IOException {
    if (Boolean.getBoolean("update.docs")) {
      Files.writeString(DOC, ConfigDoc.render());
    }
    assertThat(DOC).hasContent(ConfigDoc.render());
  }

  @Test
  void theExampleOnThePageIsValid(@TempDir Path folder) throws Exception {
    Matcher example =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(ConfigDoc.render());
    assertThat(example.find()).isTrue();
    Path file = Files.writeString(folder.resolve("outrider.yaml"), example.group(1));

    assertThat(ConfigFile.read(file, java.util.Map.of()).settings().upstreams()).hasSize(1);
  }
}
