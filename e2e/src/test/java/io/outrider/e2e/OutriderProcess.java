package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The product as its users run it: `./outrider run -c outrider.yaml`, in a folder of its own.
final class OutriderProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening url=http://(\\S+)");

  private final Setup setup;
  private final Child child;
  private final String address;
  private boolean ended;

  private OutriderProcess(Setup setup, Child child, String address) {
    this.setup = setup;
    this.child = child;
    this.address = address;
  }

  /// A folder with a configuration, before anything runs in it.
  static Setup in(Path dir) {
    return new Setup(dir);
  }

  /// Where clients of the one upstream connect.
  Link.Http link() {
    return new Link.Http("http://" + address + "/mcp");
  }

  Child child() {
    return child;
  }

  Setup setup() {
    return setup;
  }

  String stderr() {
    return child.stderr();
  }

  /// Ends it as a service manager does and asserts that it went well.
  void stop() {
    ended = true;
    int code = child.terminate();
    // 143 is how a JVM that was asked by SIGTERM says that its shutdown ran to the end.
    assertThat(code).as("exit code after SIGTERM; it said:%n%s", child.stderr()).isIn(0, 143);
  }

  /// Ends it as the kernel does, losing whatever was not durable.
  void kill() {
    ended = true;
    child.kill();
  }

  @Override
  public void close() {
    if (!ended) {
      child.close();
    }
  }

  /// What is configured, and the command line over it.
  static final class Setup {
    private final Path dir;
    private final ObjectNode config = Json.object();
    private final Path policies;
    private final Map<String, String> environment =
        new HashMap<>(Map.of("JAVA_HOME", System.getProperty("java.home")));

    private Setup(Path dir) {
      this.dir = dir;
      this.policies = dir.resolve("policies");
      config.putObject("listen").put("address", "127.0.0.1:0");
      config.putObject("admin").put("address", "127.0.0.1:0");
      config.putObject("audit").put("directory", audit().toString());
      config.putObject("policy").putArray("bundles").add(policies.toString());
      policy(ALLOW_ALL);
    }

    /// Everything passes.
    static final String ALLOW_ALL =
        """
        package outrider

        allow := true
        """;

    /// Everything but one tool passes.
    static String deny(String tool) {
      return """
      package outrider

      allow := true

      deny contains {"code": "no_such_work_here", "msg": "this tool is not for agents"} if {
        input.mcp.method == "tools/call"
        input.mcp.name == "%s"
      }
      """
          .formatted(tool);
    }

    Setup upstream(Link link) {
      return upstream("it", link);
    }

    Setup upstream(String name, Link link) {
      ObjectNode upstream = config.withObject("/upstreams").putObject(name);
      switch (link) {
        case Link.Http(String url, Map<String, String> headers) -> {
          upstream.put("url", url);
          if (!headers.isEmpty()) {
            upstream.set("headers", Json.of(headers));
          }
        }
        case Link.Stdio(List<String> command, Map<String, String> env) -> {
          ObjectNode stdio = upstream.putObject("stdio");
          stdio.set("command", Json.of(command));
          if (!env.isEmpty()) {
            stdio.set("env", Json.of(env));
          }
        }
      }
      return this;
    }

    /// Replaces the one policy file.
    Setup policy(String rego) {
      write(policies.resolve("policy.rego"), rego);
      return this;
    }

    /// Sets any other key, as `limits.concurrency.per_tool`.
    Setup set(String path, Object value) {
      String pointer = "/" + path.replace('.', '/');
      int last = pointer.lastIndexOf('/');
      ObjectNode parent = last == 0 ? config : config.withObject(pointer.substring(0, last));
      parent.set(pointer.substring(last + 1), Json.of(value));
      return this;
    }

    /// A secret in a file of its own, as a reference for the configuration.
    String secret(String name, String value) {
      write(dir.resolve("secrets").resolve(name), value);
      return "${file:" + dir.resolve("secrets").resolve(name) + "}";
    }

    Setup environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    Path dir() {
      return dir;
    }

    Path audit() {
      return dir.resolve("audit");
    }

    /// Writes `outrider.yaml`; JSON is YAML.
    Path write() {
      return write(dir.resolve("outrider.yaml"), config.toPrettyString());
    }

    /// Starts `outrider run` and waits until it says that it is ready.
    OutriderProcess run() {
      return run("run", "-c", write().toString());
    }

    /// The same with a command line of the test's own.
    OutriderProcess run(String... args) {
      Child child = Child.start("outrider run", command(List.of(args)));
      try {
        String address = child.awaitLine(LISTENING).group(1);
        return new OutriderProcess(this, child, address);
      } catch (AssertionError e) {
        child.close();
        throw e;
      }
    }

    /// How a desktop client starts `outrider stdio` over this configuration.
    Link.Stdio stdio() {
      List<String> line = new ArrayList<>(launcher());
      line.addAll(stdioArgs());
      return new Link.Stdio(line, environment);
    }

    List<String> stdioArgs() {
      return List.of("stdio", "-c", write().toString());
    }

    /// Runs any other command to its end.
    Child.Done cli(String... args) {
      return Child.run("outrider " + args[0], command(List.of(args)), "");
    }

    /// Asserts that the record of everything so far is whole, and that neither it nor anything said
    /// holds what must stay secret.
    void auditIsWhole(String said) {
      Child.Done verify = cli("audit", "verify", "-d", audit().toString());
      assertThat(verify.code())
          .as("outrider audit verify:%n%s%n%s", verify.stdout(), verify.stderr())
          .isZero();
      Canary.absentBelow(audit());
      Canary.absentIn("what Outrider said", said);
    }

    /// The record, or what of it a filter leaves, one JSON object a line.
    Child.Done records(String... filter) {
      List<String> args =
          new ArrayList<>(List.of("audit", "query", "-d", audit().toString(), "--format", "json"));
      args.addAll(List.of(filter));
      return cli(args.toArray(String[]::new));
    }

    ProcessBuilder command(List<String> args) {
      List<String> line = new ArrayList<>(launcher());
      line.addAll(args);
      ProcessBuilder builder = new ProcessBuilder(line).directory(dir.toFile());
      builder.environment().putAll(environment);
      return builder;
    }

    /// A command that is started in this folder, whatever folder its client is in.
    Link.Stdio inItsFolder(List<String> command) {
      List<String> line =
          new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", dir.toString()));
      line.addAll(command);
      return new Link.Stdio(line, environment);
    }

    static List<String> launcher() {
      return List.of(Repo.root().resolve("outrider").toString());
    }

    private static Path write(Path file, String text) {
      try {
        Files.createDirectories(file.getParent());
        // The policies are read while they change: a reader must see the old file or the new one.
        Path fresh = Files.writeString(file.resolveSibling("." + file.getFileName()), text);
        return Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// One GET, for the admin port.
  static HttpResponse<String> get(String url) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(url)).timeout(Child.PATIENCE).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Child.interrupted(e);
    }
  }
}
