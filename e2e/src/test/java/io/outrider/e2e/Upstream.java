package io.outrider.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The servers nobody here wrote. Each start has a folder of its own.
enum Upstream {
  EVERYTHING_STDIO("everything", "node", "legacy") {
    @Override
    Running start(Path dir) {
      return stdio(dir, Runtimes.npm("mcp-server-everything", "stdio"));
    }
  },
  EVERYTHING_HTTP("everything", "node", "legacy") {
    @Override
    Running start(Path dir) {
      // It takes its port from the environment and says nothing of the one the system chose, so a
      // free one is looked for first and another one tried should somebody else take it meanwhile.
      for (int tries = 0; ; tries++) {
        int port = Ports.free();
        ProcessBuilder builder =
            new ProcessBuilder(Runtimes.npm("mcp-server-everything", "streamableHttp"));
        builder.environment().put("PORT", String.valueOf(port));
        Child child = Child.start(name(), builder);
        try {
          child.awaitLine(Pattern.compile("listening on port " + port));
          return new Running(new Link.Http("http://127.0.0.1:" + port + "/mcp"), dir, child);
        } catch (AssertionError e) {
          child.close();
          if (tries == 2) {
            throw e;
          }
        }
      }
    }
  },
  FILESYSTEM("filesystem", "node", "legacy") {
    @Override
    Running start(Path dir) {
      return stdio(dir, Runtimes.npm("mcp-server-filesystem", dir.toString()));
    }
  },
  MEMORY("memory", "node", "legacy") {
    @Override
    Running start(Path dir) {
      return new Running(
          new Link.Stdio(
              Runtimes.npm("mcp-server-memory"),
              Map.of("MEMORY_FILE_PATH", dir.resolve("memory.jsonl").toString())),
          dir,
          null);
    }
  },
  THINKING("thinking", "node", "legacy") {
    @Override
    Running start(Path dir) {
      return stdio(dir, Runtimes.npm("mcp-server-sequential-thinking"));
    }
  },
  CONFORMANCE_HTTP("conformance", "node", "both") {
    @Override
    Running start(Path dir) {
      return http(dir, Runtimes.node("conformance-server.mjs", "--http", "0"));
    }
  },
  CONFORMANCE_STDIO("conformance", "node", "both") {
    @Override
    Running start(Path dir) {
      return stdio(dir, Runtimes.node("conformance-server.mjs", "--stdio"));
    }
  },
  FASTMCP_HTTP("fastmcp", "python", "both") {
    @Override
    Running start(Path dir) {
      return http(dir, Runtimes.python("servers/fastmcp_server.py", "--http"));
    }
  },
  FASTMCP_STDIO("fastmcp", "python", "both") {
    @Override
    Running start(Path dir) {
      return stdio(dir, Runtimes.python("servers/fastmcp_server.py"));
    }
  },
  TIME("time", "python", "legacy") {
    @Override
    Running start(Path dir) {
      return stdio(dir, Runtimes.pip("mcp-server-time"));
    }
  },
  GIT("git", "python", "legacy") {
    @Override
    Running start(Path dir) {
      write(dir.resolve("readme.txt"), "as committed\n");
      for (List<String> command :
          List.of(
              List.of("git", "init", "-q", "-b", "main"),
              List.of("git", "config", "user.email", "e2e@example.org"),
              List.of("git", "config", "user.name", "e2e"),
              List.of("git", "add", "."),
              List.of("git", "commit", "-q", "-m", "First commit"))) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
        // The same commit id whenever it is made.
        builder.environment().put("GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z");
        builder.environment().put("GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z");
        Child.Done done = Child.run("git", builder, "");
        if (done.code() != 0) {
          throw new AssertionError(command + ": " + done.stderr());
        }
      }
      write(dir.resolve("readme.txt"), "changed\n");
      return stdio(dir, Runtimes.pip("mcp-server-git", "--repository", dir.toString()));
    }
  };

  /// The play written for it, in `fixtures/plays/`.
  final String play;

  final String runtime;

  /// `legacy`, or `both`.
  private final String eras;

  Upstream(String play, String runtime, String eras) {
    this.play = play;
    this.runtime = runtime;
    this.eras = eras;
  }

  /// Starts it, or for a stdio server says how it is started.
  abstract Running start(Path dir);

  boolean speaks(String era) {
    return era.equals("legacy") || eras.equals("both");
  }

  /// A server to be reached by `link`.
  ///
  /// @param dir the folder it works on
  /// @param child its process, or null when whoever connects starts it
  record Running(Link link, Path dir, @Nullable Child child) implements AutoCloseable {
    @Override
    public void close() {
      if (child != null) {
        child.close();
      }
    }
  }

  private static Running stdio(Path dir, List<String> command) {
    return new Running(new Link.Stdio(command, Map.of()), dir, null);
  }

  private static Running http(Path dir, List<String> command) {
    Child child = Child.start(command.getLast(), new ProcessBuilder(command));
    String url = child.awaitLine(Pattern.compile("ready (http\\S+)")).group(1);
    return new Running(new Link.Http(url), dir, child);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
