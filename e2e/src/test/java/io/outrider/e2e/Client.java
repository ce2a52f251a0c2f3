package io.outrider.e2e;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The clients nobody here wrote, each pinned to one era.
enum Client {
  TS1("ts1", "legacy", "node"),
  TS2("ts2", "legacy", "node"),
  TS2_MODERN("ts2", "modern", "node"),
  FASTMCP("fastmcp", "legacy", "python"),
  FASTMCP_MODERN("fastmcp", "modern", "python"),
  JAVA_SDK("java", "legacy", "java");

  /// As the plays name it.
  final String script;

  final String era;
  final String runtime;

  Client(String script, String era, String runtime) {
    this.script = script;
    this.era = era;
    this.runtime = runtime;
  }

  /// Plays the steps against a server to the end.
  Played play(Link link, Play play) {
    if (this == JAVA_SDK) {
      return JavaSdkPlayer.play(link, play);
    }
    ObjectNode script = link.json().put("era", era);
    script.set("steps", play.script());
    List<String> command =
        runtime.equals("node")
            ? Runtimes.node("clients/" + this.script + ".mjs")
            : Runtimes.python("clients/fastmcp_client.py");
    Child.Done done =
        Child.run(name() + " playing " + play.name(), builder(command), script.toString());
    if (done.code() != 0 || done.stdout().isBlank()) {
      throw new AssertionError(
          "%s ended with %d:%n%s%n%s".formatted(this, done.code(), done.stdout(), done.stderr()));
    }
    return new Played(Json.parse(done.stdout()));
  }

  private static ProcessBuilder builder(List<String> command) {
    return new ProcessBuilder(command).directory(Repo.e2e().toFile());
  }
}
