package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The official inspector's command line, which prints what it was told: through Outrider it prints
/// the same as directly.
class InspectorTest {
  private static final List<List<String>> QUESTIONS =
      List.of(
          List.of("--method", "tools/list"),
          List.of("--method", "tools/call", "--tool-name", "get-sum", "--tool-arg", "a=2", "b=3"),
          List.of("--method", "resources/list"),
          List.of(
              "--method",
              "resources/read",
              "--uri",
              "demo://resource/static/document/architecture.md"),
          List.of("--method", "prompts/list"));

  @TempDir Path dir;

  @BeforeEach
  void needsNode() {
    Runtimes.need("node");
  }

  @Test
  void printsTheSameThroughOutriderOverHttp() {
    try (Upstream.Running server = Upstream.EVERYTHING_HTTP.start(dir);
        OutriderProcess outrider = OutriderProcess.in(dir).upstream(server.link()).run()) {
      String direct = ((Link.Http) server.link()).url();
      for (List<String> question : QUESTIONS) {
        assertThat(answer(List.of(outrider.link().url()), question))
            .as("%s", question)
            .isEqualTo(answer(List.of(direct), question));
      }
      outrider.stop();
      outrider.setup().auditIsWhole(outrider.stderr());
    }
  }

  @Test
  void printsTheSameThroughOutriderOverStandardInput() throws IOException {
    Link.Stdio server = (Link.Stdio) Upstream.EVERYTHING_STDIO.start(dir).link();
    OutriderProcess.Setup setup = OutriderProcess.in(dir).upstream(server);
    // It takes the target's own options for its own, so both targets are scripts without any.
    List<String> direct = List.of(script("direct", server.command()));
    List<String> through = List.of(script("through", setup.stdio().command()));
    for (List<String> question : QUESTIONS.subList(0, 2)) {
      assertThat(answer(through, question)).as("%s", question).isEqualTo(answer(direct, question));
    }
    setup.auditIsWhole("");
  }

  private static String answer(List<String> target, List<String> question) {
    Child.Done done =
        DeniedCallTest.inspector(
            Stream.concat(target.stream(), question.stream()).toArray(String[]::new));
    assertThat(done.code()).as("%s: %s", question, done.stderr()).isZero();
    assertThat(done.stdout()).isNotBlank();
    return done.stdout();
  }

  private String script(String name, List<String> command) throws IOException {
    List<String> quoted = new ArrayList<>();
    command.forEach(word -> quoted.add("'" + word.replace("'", "'\\''") + "'"));
    Path script =
        Files.writeString(
            dir.resolve(name), "#!/bin/sh\nexec " + String.join(" ", quoted) + " \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script.toString();
  }
}
