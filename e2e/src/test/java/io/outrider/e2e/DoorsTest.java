package io.outrider.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing that leaves Outrider by any door carries a secret that came in by any other.
///
/// Each way in has a secret of its own, so that a leak names where it came from. It is written down
/// as `mark-PLACE-… SECRET`: the mark is no secret, and shows that what stood beside it did arrive.
class DoorsTest {
  /// So much of a secret in a row is a leak.
  private static final int WINDOW = 12;

  /// Places that Outrider says nothing about beyond that something was wrong there.
  private static final Set<String> NOT_TOLD =
      Set.of(
          "in-member-name",
          "in-other-id",
          "in-garbage",
          "in-event-fields",
          "in-unknown-notice",
          "in-stdout-garbage",
          "in-stdout-id",
          "in-http-401",
          "in-http-500",
          "in-redirect",
          "in-content-encoding",
          "in-content-type",
          "in-method",
          "in-cut-body",
          "in-cut-event");

  private final Map<String, String> planted = new ConcurrentHashMap<>();
  private final Map<String, String> doors = new LinkedHashMap<>();

  @TempDir private Path dir;

  /// A secret in the shape of a GitHub token, the same for the same place.
  private String secret(String place) {
    return planted.computeIfAbsent(place, p -> "gh" + "p_" + random(p, 36));
  }

  /// A secret without any shape, which only Outrider's own care can keep.
  private String shapeless(String place) {
    return planted.computeIfAbsent(place, p -> random(p, 40));
  }

  private static String random(String seed, int length) {
    String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    Random random = new Random(seed.hashCode());
    StringBuilder text = new StringBuilder();
    random.ints(length, 0, letters.length()).forEach(i -> text.append(letters.charAt(i)));
    return text.toString();
  }

  private String marked(String place) {
    return "mark-" + place + "-x " + secret(place);
  }

  // --- the ways in

  /// An MCP server on standard input that says secrets where it should say nothing.
  private static final String TALKATIVE =
      """
      printf 'mark-on-stderr-x %s\\n' "$ON_STDERR" >&2
      printf 'mark-on-stderr-in-parts-x %.20s' "$ON_STDERR_IN_PARTS" >&2
      printf '%s\\n' "${ON_STDERR_IN_PARTS#????????????????????}" >&2
      cat "$PEM" | while IFS= read -r line; do printf '%s\\n' "$line" >&2; done
      printf 'mark-in-stdout-garbage-x %s\\n' "$IN_STDOUT_GARBAGE"
      printf '{"jsonrpc":"2.0","id":"mark-in-stdout-id-x %s","result":{}}\\n' "$IN_STDOUT_ID"
      printf '{"jsonrpc":"2.0","method":"mark-in-stdout-method-x %s"}\\n' "$IN_STDOUT_METHOD"
      while IFS= read -r line; do
        id=$(printf '%s' "$line" | sed -n 's/.*"id": *\\("[^"]*"\\|[0-9]*\\).*/\\1/p')
        case $line in
          *'"server/discover"'*) result='"supportedVersions":["2026-07-28"],"capabilities":{},"resultType":"complete"' ;;
          *'"name":"end"'*) printf 'mark-last-words-x %s' "$LAST_WORDS" >&2; exit 3 ;;
          *) result='"resultType":"complete","content":[{"type":"text","text":"'"mark-on-stdout-x $ON_STDOUT"'"}]' ;;
        esac
        printf '{"jsonrpc":"2.0","id":%s,"result":{%s}}\\n' "$id" "$result"
      done
      """;

  private List<String> key() {
    List<String> lines = new ArrayList<>();
    lines.add("-----BEGIN RSA " + "PRIVATE KEY-----");
    for (int i = 1; i <= 20; i++) {
      String place = "key-on-stderr-" + i;
      lines.add(planted.computeIfAbsent(place, p -> random(p, 64)));
    }
    lines.add("-----END RSA " + "PRIVATE KEY-----");
    return lines;
  }

  private String write(String name, String text) {
    try {
      return Files.writeString(dir.resolve(name), text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private OutriderProcess.Setup setup(LeakyServer server) {
    OutriderProcess.Setup setup = OutriderProcess.in(dir);
    setup.upstream(
        "web",
        new Link.Http(
            server.url("/mcp"),
            Map.of(
                "Authorization",
                setup.secret("web", "Bearer " + shapeless("upstream credential")))));
    Map<String, String> env = new LinkedHashMap<>();
    for (String place :
        List.of(
            "on-stderr",
            "on-stderr-in-parts",
            "in-stdout-garbage",
            "in-stdout-id",
            "in-stdout-method",
            "on-stdout",
            "last-words")) {
      env.put(
          place.toUpperCase(java.util.Locale.ROOT).replace('-', '_'),
          setup.secret(place, secret(place)));
    }
    env.put("PEM", write("pem", String.join("\n", key()) + "\n"));
    env.put("UNUSED_TOKEN", setup.secret("unused", shapeless("variable of a process")));
    setup.upstream("old", new Link.Http(server.url("/mcp")));
    setup.set("upstreams.old.era", "legacy");
    setup.upstream("proc", new Link.Stdio(List.of("sh", write("talkative.sh", TALKATIVE)), env));
    setup.policy(
        """
        package outrider

        allow := true

        deny contains {"code": "no", "message": sprintf("not %v", [input.arguments])} if {
          input.mcp.name == "denied"
        }

        deny contains {"code": "no", "message": sprintf("not %v", [input.response]), "public": true} if {
          input.mcp.name == "in-text"
          input.arguments.withheld
        }
        """);
    setup.set(
        "audit.export.web",
        Map.of(
            "http",
            Map.of(
                "url",
                server.url("/export"),
                "headers",
                Map.of("Authorization", setup.secret("sink", shapeless("sink credential"))))));
    setup.set(
        "audit.export.file", Map.of("file", Map.of("path", dir.resolve("sink.jsonl").toString())));
    return setup;
  }

  @Test
  void noDoorShowsWhatCameInByAnother() throws Exception {
    try (LeakyServer server = new LeakyServer(this::marked)) {
      OutriderProcess.Setup setup = setup(server);
      Path config = setup.write();
      try (OutriderProcess outrider = setup.run("run", "-c", config.toString())) {
        Clients clients = new Clients(outrider.link().url().replace("/mcp", ""));
        String admin =
            "http://"
                + outrider
                    .child()
                    .awaitLine(Pattern.compile("serving health and metrics url=http://(\\S+)"))
                    .group(1);
        clients.tellTheServers();
        clients.listenToTheServers();
        listenAsAnOldClient(new Link.Http(outrider.link().url().replace("/mcp", "/old/mcp")));
        console(admin);
        server.takeExports();
        outrider.stop();
        doors.put("operator's log", outrider.stderr());
        doors.put("standard output", outrider.child().stdout());
      }
      doors.put("what reached the server", server.received());
      doors.put("export over HTTP", server.exported());
      commands(setup);
      folder(setup.audit());
      doors.put("export to a file", Files.readString(dir.resolve("sink.jsonl")));
    }
    judge();
  }

  /// A client in whose era servers ask back.
  private void listenAsAnOldClient(Link.Http link) {
    try (WireClient client = WireClient.connect(link)) {
      for (String tool : List.of("in-text", "in-sampling", "in-elicitation", "in-log-notice")) {
        doors.put("old client, " + tool, client.call(tool, Map.of()).toString());
      }
    }
    doors.put("old client, hello", WireClient.hello(link).toString());
    assertThat(doors.get("old client, in-sampling")).contains("sampling/createMessage");
    assertThat(doors.get("old client, in-elicitation")).contains("elicitation/create");
  }

  /// Memory is full of what passes, so nothing of it is written when the JVM crashes.
  @Test
  void aCrashWritesNoMemory() throws Exception {
    try (LeakyServer server = new LeakyServer(this::marked)) {
      OutriderProcess.Setup setup = setup(server);
      try (OutriderProcess outrider = setup.run("run", "-c", setup.write().toString())) {
        Clients clients = new Clients(outrider.link().url().replace("/mcp", ""));
        clients.send(clients.call("/web/mcp", "in-text", "{}"));
        long pid = outrider.child().process().pid();
        Child.run("kill", new ProcessBuilder("kill", "-SEGV", String.valueOf(pid)), "");
        assertThat(outrider.child().awaitExit(Child.PATIENCE)).isNotZero();
        doors.put("operator's log", outrider.stderr());
        doors.put("standard output", outrider.child().stdout());
      }
    }
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.matches("(hs_err|core|replay|.*\\.hprof).*"));
    }
    folder(dir.resolve("audit"));
    assertThat(leaks()).isEmpty();
    assertThat(String.join("\n", doors.values())).contains("mark-in-text-x");
  }

  private void folder(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        doors.put("audit/" + folder.relativize(file), Files.readString(file, ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Every page and answer of the admin port.
  private void console(String admin) {
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/metrics",
                "/health/live",
                "/health/ready",
                "/console/",
                "/console/api/status",
                "/console/api/verify?start=true",
                "/console/api/calls?limit=500",
                "/console/api/calls?q=kind:event&limit=500",
                "/console/api/histogram",
                "/console/api/facets?fields=tool,method,outcome,error,session,client,user,address",
                "/console/api/export?as=jsonl"));
    paths.add("/console/api/calls?q=" + secret("console-search"));
    paths.add("/console/api/nothing?" + secret("console-path"));
    for (int i = 0; i < 150; i++) {
      paths.add("/console/api/record?index=" + i);
    }
    for (int i = 0; i < paths.size(); i++) {
      doors.put(
          "admin " + i + " " + paths.get(i).replaceAll("ghp_.*", ""),
          OutriderProcess.get(admin + paths.get(i)).body());
    }
    Pattern id = Pattern.compile("\"call\":\"([0-9A-Za-z-]+)\"");
    new TreeSet<>(id.matcher(doors.toString()).results().map(r -> r.group(1)).toList())
        .forEach(call ->
            doors.put(
                "console call " + call,
                OutriderProcess.get(admin + "/console/api/call?id=" + call).body()));
  }

  private void commands(OutriderProcess.Setup setup) throws IOException {
    String audit = setup.audit().toString();
    Map<String, List<String>> commands = new LinkedHashMap<>();
    commands.put("audit query", List.of("audit", "query", "-d", audit, "-f", "json"));
    commands.put(
        "audit search", List.of("audit", "search", "-d", audit, "-f", "jsonl", "--limit", "1000"));
    commands.put("audit tail", List.of("audit", "tail", "-d", audit));
    commands.put("audit gaps", List.of("audit", "gaps", "-d", audit));
    commands.put("audit stats", List.of("audit", "stats", "-d", audit));
    commands.put("audit verify", List.of("audit", "verify", "-d", audit));
    commands.put("audit export", List.of("audit", "export", "-d", audit, "--as", "csv", "-o", "-"));
    commands.put(
        "audit sinks", List.of("audit", "sinks", "-c", dir.resolve("outrider.yaml").toString()));
    commands.put("check", List.of("check", "-c", dir.resolve("outrider.yaml").toString()));
    Path text = Files.writeString(dir.resolve("text"), marked("a-text-to-redact") + "\n");
    commands.put("redact", List.of("redact", text.toString()));
    commands.put("redact text", List.of("redact", "--format", "text", text.toString()));
    commands.put("redact json", List.of("redact", "--format", "json", text.toString()));
    commands.forEach((name, line) -> {
      Child.Done done = setup.cli(line.toArray(String[]::new));
      doors.put("outrider " + name, done.stdout() + done.stderr());
    });
  }

  // --- the doors

  private void judge() {
    assertThat(leaks()).isEmpty();

    String all = String.join("\n", doors.values());
    assertThat(planted.keySet().stream().filter(p -> p.matches("(in|on)-.*")))
        .as("places whose secret came in")
        .isNotEmpty()
        .filteredOn(place -> !all.contains("mark-" + place + "-x"))
        .containsExactlyInAnyOrderElementsOf(NOT_TOLD);
  }

  private String leaks() {
    Map<String, String> windows = new HashMap<>();
    planted.forEach((place, secret) -> {
      for (int i = 4; i + WINDOW <= secret.length(); i++) {
        windows.put(secret.substring(i, i + WINDOW), place);
      }
    });
    StringBuilder leaks = new StringBuilder();
    doors.forEach((door, text) -> {
      Set<String> known = new HashSet<>();
      for (int i = 0; i + WINDOW <= text.length(); i++) {
        String place = windows.get(text.substring(i, i + WINDOW));
        if (place != null && !mayPass(place, door) && known.add(place)) {
          String around = text.substring(Math.max(0, i - 60), Math.min(text.length(), i + 60));
          leaks.append("%n%s shows %s: ...%s...".formatted(door, place, around));
        }
      }
    });
    return leaks.toString();
  }

  /// What is meant to be shown: Outrider's own credential, to the server it is for and to who the
  /// log is exported to; and what the protocol wants back byte for byte, to whom it is for.
  private static boolean mayPass(String place, String door) {
    return switch (place) {
      case "upstream credential", "told in progress token", "told in cursor" ->
          door.equals("what reached the server");
      case "told in id" -> door.equals("what reached the server") || door.equals("answer to id");
      case "sink credential" -> door.equals("export over HTTP");
      default -> false;
    };
  }

  /// Clients that tell secrets where servers and Outrider read, and what they are answered.
  private final class Clients {
    private static final String VERSION = "2026-07-28";
    private final URI base;

    Clients(String base) {
      this.base = URI.create(base);
    }

    void tellTheServers() {
      String path = "/web/mcp";
      told("arguments", call(path, "plain", "{\"a\":\"%s\"}"));
      told("denied arguments", call(path, "denied", "{\"a\":\"%s\"}"));
      told("nested arguments", call(path, "plain", "{\"a\":{\"b\":[\"{\\\"c\\\":\\\"%s\\\"}\"]}}"));
      told("escaped arguments", call(path, "plain", "{\"a\":\"%e\"}"));
      told("member name", call(path, "plain", "{\"%s\":1}"));
      told("tool name", call(path, "%s", "{}"));
      told(
          "request meta",
          ask(path, "tools/call", "plain", "\"name\":\"plain\",\"arguments\":{}", ",\"x\":\"%s\""));
      told(
          "progress token",
          ask(
              path,
              "tools/call",
              "plain",
              "\"name\":\"plain\",\"arguments\":{}",
              ",\"progressToken\":\"%s\""));
      told("method", ask(path, "%s", "", "", ""));
      told(
          "prompt arguments",
          ask(path, "prompts/get", "p", "\"name\":\"p\",\"arguments\":{\"a\":\"%s\"}", ""));
      told("resource uri", ask(path, "resources/read", "%s", "\"uri\":\"%s\"", ""));
      told("cursor", ask(path, "tools/list", "", "\"cursor\":\"%s\"", ""));
      told("id", call(path, "plain", "{}").replace("\"q\"", "\"%s\""));
      told(
          "trace state",
          call(path, "plain", "{}")
              .replace("Mcp-Method", "traceparent: %s\r\ntracestate: %s\r\nMcp-Method"));
      told(
          "header of a name", call(path, "plain", "{}").replace("Mcp-Name: plain", "Mcp-Name: %s"));
      told(
          "header of a method",
          call(path, "plain", "{}").replace("Mcp-Method: tools/call", "Mcp-Method: %s"));
      told(
          "header of a version",
          call(path, "plain", "{}")
              .replace("MCP-Protocol-Version: " + VERSION, "MCP-Protocol-Version: %s"));
      told(
          "header of a session",
          call(path, "plain", "{}").replace("Mcp-Method", "Mcp-Session-Id: %s\r\nMcp-Method"));
      told(
          "header of a parameter",
          call(path, "plain", "{}").replace("Mcp-Method", "Mcp-Param-A: %s\r\nMcp-Method"));
      told(
          "authorization",
          call(path, "plain", "{}")
              .replace("Mcp-Method", "Authorization: Bearer %s\r\nMcp-Method"));
      told(
          "cookie",
          call(path, "plain", "{}")
              .replace(
                  "Mcp-Method", "Cookie: a=%s\r\nUser-Agent: %s\r\nX-Other: %s\r\nMcp-Method"));
      told(
          "origin",
          call(path, "plain", "{}").replace("Mcp-Method", "Origin: https://%s.test\r\nMcp-Method"));
      told("host", call(path, "plain", "{}").replaceFirst("Host: [^\r]*", "Host: %s"));
      told("path", call("/%s/mcp", "plain", "{}"));
      told("query", call(path + "?token=%s", "plain", "{}"));
      told("content type", call(path, "plain", "{}").replace("application/json\r", "text/%s\r"));
      told("accept", call(path, "plain", "{}").replace("text/event-stream\r", "text/%s\r"));
      told("verb", call(path, "plain", "{}").replace("POST", "%s"));
      told("HTTP version", call(path, "plain", "{}").replace("HTTP/1.1", "HTTP/%s"));
      told("header line", call(path, "plain", "{}").replace("Mcp-Method", "%s\r\nMcp-Method"));
      told(
          "length",
          call(path, "plain", "{}").replace("Content-Length: LENGTH", "Content-Length: %s"));
      for (String broken :
          List.of(
              "%s",
              "{\"%s",
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\"",
              "{\"jsonrpc\":\"%s\",\"id\":1,\"method\":\"ping\"}",
              "{\"jsonrpc\":\"2.0\",\"id\":[\"%s\"],\"method\":\"ping\"}",
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":{\"a\":\"%s\"}}",
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":\"%s\"}",
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"%s\":1,\"%s\":2}",
              "[{\"a\":\"%s\"}]",
              "\"%s\"")) {
        told("broken message " + broken.hashCode(), http(path, "tools/call", "plain", broken));
      }
      told(
          "initialize",
          http(
              path,
              "",
              "",
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"%s\",\"capabilities\":{},\"clientInfo\":{\"name\":\"%s\",\"version\":\"%s\"}}}"));
      told(
          "notice",
          http(
              path,
              "",
              "",
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/%s\",\"params\":{\"a\":\"%s\"}}"));
      told("arguments of a process", call("/proc/mcp", "plain", "{\"a\":\"%s\"}"));
    }

    /// Sends what has a place for a secret. Only who told it may hear it again.
    private void told(String place, String request) {
      String secret = secret("told in " + place);
      String escaped = "\\u0067" + secret.substring(1);
      String answer = send(request.replace("%s", secret).replace("%e", escaped));
      assertThat(answer).as("answer to %s", place).isNotEmpty();
      doors.put("answer to " + place, answer);
    }

    void listenToTheServers() {
      for (String tool : LeakyServer.TOOLS) {
        doors.put("client, " + tool, send(call("/web/mcp", tool, "{}")));
      }
      doors.put("client, withheld", send(call("/web/mcp", "in-text", "{\"withheld\":true}")));
      for (String method :
          List.of(
              "server/discover",
              "tools/list",
              "prompts/list",
              "resources/list",
              "completion/complete",
              "resources/templates/list")) {
        doors.put("client, " + method, send(ask("/web/mcp", method, "", "", "")));
      }
      doors.put(
          "client, prompts/get", send(ask("/web/mcp", "prompts/get", "p", "\"name\":\"p\"", "")));
      doors.put(
          "client, resources/read",
          send(ask("/web/mcp", "resources/read", "file:///r", "\"uri\":\"file:///r\"", "")));
      doors.put("client, process", send(call("/proc/mcp", "plain", "{}")));
      doors.put("client, process ends", send(call("/proc/mcp", "end", "{}")));
    }

    private String call(String path, String tool, String arguments) {
      return ask(
          path, "tools/call", tool, "\"name\":\"" + tool + "\",\"arguments\":" + arguments, "");
    }

    private String ask(String path, String method, String name, String params, String meta) {
      return http(
          path,
          method,
          name,
          "{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\""
              + method
              + "\",\"params\":{"
              + params
              + (params.isEmpty() ? "" : ",")
              + "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\""
              + VERSION
              + "\",\"io.modelcontextprotocol/clientCapabilities\":{}"
              + meta
              + "}}}");
    }

    private String http(String path, String method, String name, String body) {
      return "POST "
          + path
          + " HTTP/1.1\r\n"
          + "Host: "
          + base.getAuthority()
          + "\r\n"
          + "Connection: close\r\n"
          + "Content-Type: application/json\r\n"
          + "Accept: application/json, text/event-stream\r\n"
          + (method.isEmpty()
              ? ""
              : "MCP-Protocol-Version: " + VERSION + "\r\nMcp-Method: " + method + "\r\n")
          + (name.isEmpty() ? "" : "Mcp-Name: " + name + "\r\n")
          + "Content-Length: LENGTH\r\n\r\n"
          + body;
    }

    /// The whole answer to a request, head and body.
    private String send(String request) {
      int end = request.indexOf("\r\n\r\n");
      String body = request.substring(end + 4);
      String whole = request.replaceFirst("LENGTH", String.valueOf(body.getBytes(UTF_8).length));
      try (Socket socket = new Socket(base.getHost(), base.getPort())) {
        socket.setSoTimeout((int) Child.PATIENCE.toMillis());
        socket.getOutputStream().write(whole.getBytes(UTF_8));
        socket.getOutputStream().flush();
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(request, e);
      }
    }
  }
}
