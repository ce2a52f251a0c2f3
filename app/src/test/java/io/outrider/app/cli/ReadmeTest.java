package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.outrider.app.demo.DemoServer;
import io.outrider.app.serve.Configuration;
import io.outrider.app.serve.HostPort;
import io.outrider.app.serve.Service;
import io.outrider.app.terminal.Terminal;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.ListenSettings;
import io.outrider.settings.Settings;
import io.outrider.settings.UpstreamSettings;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs what the README prints. Files are written where it says, commands run in its order and give
/// its output, configurations of clients start with arguments Outrider understands, and the refusal
/// is one a real call gets. What cannot run here is marked in the README with why, and at least its
/// options are checked.
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- ([^\\n]*) -->\\n)?```(\\w+)\\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;
  private List<Block> blocks = List.of();

  private record Block(String mark, String language, String text) {}

  @BeforeEach
  void read() throws Exception {
    List<Block> found = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(README));
    while (matcher.find()) {
      found.add(
          new Block(
              Objects.requireNonNullElse(matcher.group(1), ""),
              matcher.group(2),
              matcher.group(3)));
    }
    blocks = found;
    for (Block block : found) {
      if (block.mark().startsWith("file: ")) {
        Path file = folder.resolve(block.mark().substring("file: ".length()));
        Files.createDirectories(file.getParent());
        Files.writeString(file, block.text());
      }
    }
  }

  @Test
  @Timeout(240)
  void everyCommandDoesWhatTheReadmeShows() {
    int run = 0;
    for (Block block : blocks) {
      if (!block.language().equals("console") || block.mark().startsWith("not run: ")) {
        continue;
      }
      for (String step : block.text().split("(?m)^\\$ ")) {
        if (step.isBlank()) {
          continue;
        }
        List<String> lines = step.lines().toList();
        if (block.mark().startsWith("parsed: ")) {
          parses(lines.getFirst());
        } else {
          runs(lines.getFirst(), lines.subList(1, lines.size()));
          run++;
        }
      }
    }
    assertThat(run).isGreaterThanOrEqualTo(4);
  }

  private void runs(String command, List<String> expected) {
    Map<String, String> environment = new HashMap<>();
    List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
    while (words.getFirst().contains("=")) {
      String[] variable = words.removeFirst().split("=", 2);
      environment.put(variable[0], variable[1]);
    }
    assertThat(words.removeFirst()).isEqualTo("./outrider");
    Ran ran = Ran.with("", environment, folder, words.toArray(String[]::new));
    // Paths are shown as they were given; here they were given with the folder before them.
    String out = ran.out().replace(folder + "/", "");
    for (String line : expected) {
      assertThat(out)
          .as(command + "\n" + ran.err())
          .contains(line.replaceFirst("\\.\\.\\.$", "").strip());
    }
    boolean denied = expected.stream().anyMatch(line -> line.startsWith("DENY"));
    assertThat(ran.status()).as(command + "\n" + out + ran.err()).isEqualTo(denied ? 1 : 0);
  }

  private void parses(String command) {
    List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
    assertThat(words.removeFirst()).isEqualTo("./outrider");
    parses(words);
  }

  private void parses(List<String> arguments) {
    Terminal nowhere =
        Terminal.of(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            Map.of(),
            folder);
    Cli.commandLine(nowhere, arguments.toArray(String[]::new))
        .parseArgs(arguments.toArray(String[]::new));
  }

  @Test
  void configurationsOfClientsStartOutriderWithArgumentsItUnderstands() {
    List<Block> clients =
        blocks.stream().filter(block -> block.mark().startsWith("client: ")).toList();

    assertThat(clients).hasSize(2);
    for (Block client : clients) {
      JsonNode server =
          JsonMapper.shared()
              .readTree(client.text())
              .path(client.mark().substring("client: ".length()))
              .path("files");
      assertThat(server.path("command").asString()).endsWith("/outrider");
      List<String> arguments = new ArrayList<>();
      server.path("args").forEach(argument -> arguments.add(argument.asString()));
      assertThat(arguments).startsWith("stdio");
      parses(arguments);
    }
  }

  @Test
  @Timeout(120)
  void theRefusalIsOneARealCallGets() throws Exception {
    JsonNode shown =
        JsonMapper.shared()
            .readTree(
                blocks.stream()
                    .filter(block -> block.mark().equals("refusal"))
                    .findFirst()
                    .orElseThrow()
                    .text());
    List<String> server =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            DemoServer.class.getName());
    Settings settings =
        Settings.builder()
            .listen(ListenSettings.at("127.0.0.1", 0))
            .upstream(UpstreamSettings.of("files", "/mcp", UpstreamSettings.Stdio.of(server)))
            .policyBundles(folder.resolve("my-policies"))
            .audit(AuditSettings.in(folder.resolve("audit")))
            .admin(null)
            .build();

    try (Service service = Service.start(Configuration.fixed(settings, "none"));
        HttpClient client = HttpClient.newHttpClient()) {
      URI url =
          URI.create(
              "http://"
                  + HostPort.of(Objects.requireNonNull((InetSocketAddress) service.address()))
                  + "/mcp");
      HttpResponse<String> hello =
          send(
              client,
              url,
              "",
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"readme\",\"version\":\"1\"}}}");
      String session = hello.headers().firstValue("Mcp-Session-Id").orElseThrow();
      JsonNode arguments =
          JsonMapper.shared()
              .readTree(Files.readString(folder.resolve("call.json")))
              .path("arguments");

      HttpResponse<String> refusal =
          send(
              client,
              url,
              session,
              "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"write_file\",\"arguments\":%s}}"
                  .formatted(arguments));

      String decision = shown.at("/error/data/decisionId").asString();
      JsonNode got = JsonMapper.shared().readTree(refusal.body());
      assertThat(got.at("/error/data/decisionId").asString()).hasSameSizeAs(decision);
      assertThat(
              JsonMapper.shared()
                  .readTree(
                      refusal
                          .body()
                          .replace(got.at("/error/data/decisionId").asString(), decision)))
          .isEqualTo(shown);
    }
  }

  private static HttpResponse<String> send(HttpClient client, URI url, String session, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(BodyPublishers.ofString(body));
    if (!session.isEmpty()) {
      request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-06-18");
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void thirdPartyNamesEveryLibraryOfTheClassPath() throws Exception {
    List<Pattern> named = new ArrayList<>();
    Matcher cells =
        Pattern.compile("`([A-Za-z0-9*-]+)`")
            .matcher(Files.readString(Path.of("..", "THIRD-PARTY.md")));
    while (cells.find()) {
      named.add(Pattern.compile(cells.group(1).replace("*", ".*")));
    }
    Path lib = Path.of("target", "outrider", "lib");
    // Tests run before the distribution is packed; the one of the last build is looked at.
    assumeThat(lib).as("the distribution of an earlier build").isDirectory();
    try (var jars = Files.list(lib)) {
      assertThat(
              jars.map(jar -> jar.getFileName().toString().replaceFirst("-\\d.*", ""))
                  .filter(name -> !name.startsWith("outrider-")))
          .allMatch(name -> named.stream().anyMatch(pattern -> pattern.matcher(name).matches()));
    }
  }

  @Test
  void everyPageItLinksToExists() throws Exception {
    Matcher links = Pattern.compile("\\]\\((?!https?:)([^)#]+)").matcher(Files.readString(README));
    while (links.find()) {
      assertThat(README.resolveSibling(links.group(1))).exists();
    }
  }
}
