package io.outrider.app.config;

import java.util.ArrayList;
import java.util.List;

/// Writes `docs/configuration.md` from the table.
final class ConfigDoc {
  private static final String HEAD =
      """
      # Configuration

      <!-- Written from ConfigTable.java. To renew: mvn -pl app -am test -Dtest=ConfigDocTest -Dsurefire.failIfNoSpecifiedTests=false -DargLine=-Dupdate.docs=true -->

      Outrider reads one YAML file, by default `outrider.yaml` in the working folder. `outrider check` reads it with the policies and redaction rules it
      names and prints every problem at once, with line, value found and value expected. Only `upstreams` must stand; everything else has a default.

      ```yaml
      listen: { address: 127.0.0.1:8080 }
      upstreams:
        files:
          stdio: { command: [npx, -y, "@modelcontextprotocol/server-filesystem", /srv/data] }
      policy: { bundles: [policies/] }
      audit: { directory: var/audit }
      ```

      **Credentials come by reference only**: `${env:NAME}` reads an environment variable, `${file:PATH}` a file (its trailing newline is dropped). Either may
      stand inside a longer text, as in `"Bearer ${env:TOKEN}"`. A header or variable whose name looks like a credential is refused with its value in the clear.

      **Relative paths** start from the folder of the configuration file. **Durations** are `500ms`, `2s`, `5m`, `1h`, `1d`; **rates** `10/s`, `600/m`;
      **sizes** `512KiB`, `4MiB`. A list with one element may be written without brackets (but `stdio.command`, so that nobody takes it for a line that a shell reads). An unknown or repeated key is an error.

      Keys marked ↻ take effect while running when their files change (see [operations](operations.md)); the others need a restart.
      """;

  private ConfigDoc() {}

  static String render() {
    StringBuilder out = new StringBuilder(HEAD);
    for (Key<?> key : ConfigTable.ROOT.keys()) {
      out.append("\n## `").append(key.name()).append("`\n\n").append(key.doc()).append("\n\n");
      out.append("| Key | Value | Default | Meaning |\n|---|---|---|---|\n");
      rows(key.shape(), key == ConfigTable.UPSTREAMS ? "NAME" : "").forEach(out::append);
    }
    return out.toString();
  }

  private static List<String> rows(Shape<?> shape, String path) {
    List<String> rows = new ArrayList<>();
    switch (shape) {
      case Shape.Group group -> group.keys().forEach(key -> rows.addAll(rows(key, path)));
      case Shape.Named<?> named -> rows.addAll(rows(named.value(), path));
      case Shape.Scalar<?> ignored -> {}
      case Shape.Listing<?> ignored -> {}
      case Shape.Credentials ignored -> {}
      case Shape.Credential ignored -> {}
    }
    return rows;
  }

  private static List<String> rows(Key<?> key, String path) {
    String name = YamlReader.join(path, key.name());
    if (key.shape() instanceof Shape.Group) {
      return rows(key.shape(), name);
    }
    List<String> rows = new ArrayList<>();
    rows.add(
        "| `%s`%s | %s | %s | %s |\n"
            .formatted(
                name, key.live() ? " ↻" : "", key.shape().expected(), fallback(key), key.doc()));
    if (key.shape() instanceof Shape.Listing<?> listing
        && listing.element() instanceof Shape.Group group) {
      rows.addAll(rows(group, name + "[]"));
    }
    if (key.shape() instanceof Shape.Named<?> named) {
      rows.addAll(rows(named.value(), name + ".NAME"));
    }
    return rows;
  }

  private static String fallback(Key<?> key) {
    return key.fallback() == null || key.fallbackText().startsWith("none")
        ? key.fallbackText()
        : "`" + key.fallbackText() + "`";
  }
}
