package io.outrider.app.cli;

import io.outrider.app.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// What one command line did, run in this process.
record Ran(int status, String out, String err) {
  static Ran in(Path folder, String... args) {
    return with("", Map.of(), folder, args);
  }

  static Ran with(String input, Map<String, String> environment, Path folder, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        Terminal.of(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            out,
            err,
            environment,
            folder);
    int status = Cli.run(terminal, args);
    return new Ran(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
