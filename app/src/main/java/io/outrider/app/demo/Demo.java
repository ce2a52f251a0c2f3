package io.outrider.app.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.outrider.app.demo.DemoClient.Reply;
import io.outrider.app.serve.Configuration;
import io.outrider.app.serve.HostPort;
import io.outrider.app.serve.Service;
import io.outrider.app.serve.Unusable;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Home;
import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.Filter;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.LeafText;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.IdentitySettings;
import io.outrider.settings.LimitSettings;
import io.outrider.settings.ListenSettings;
import io.outrider.settings.Secret;
import io.outrider.settings.Settings;
import io.outrider.settings.UpstreamSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/// `outrider demo`: a real server behind a real Outrider, called by a real client. Shows a call
/// that is allowed, one that is denied, a secret taken out of a result, a call over the limit, and
/// the log of it all with the proof of one record. Nothing is played back: what is shown is what
/// came, and each thing is checked.
public final class Demo {
  private static final String CALLER = "demo-agent";
  private static final int CALLS_PER_TOOL = 2;
  private static final int SLOW_MILLIS = 1_500;

  private final Stage stage;
  private final Path folder;
  private final Path calls;
  private final Path audit;
  private final Path policy;

  private Demo(Stage stage, Path folder, Path policy) {
    this.stage = stage;
    this.folder = folder;
    this.calls = folder.resolve("calls-that-reached-the-server");
    this.audit = folder.resolve("audit");
    this.policy = policy;
  }

  /// Plays the demo.
  ///
  /// @return whether everything it showed really happened
  public static boolean play(Terminal terminal) {
    if (!terminal.environment().containsKey("OUTRIDER_LOG")
        && LoggerFactory.getLogger("io.outrider") instanceof Logger log) {
      log.setLevel(Level.WARN);
    }
    Stage stage = new Stage(terminal);
    try {
      Path folder = Files.createTempDirectory("outrider-demo-");
      new Demo(stage, folder, shortened(Home.policies().resolve("demo"))).play();
    } catch (IOException | FormatException e) {
      stage.expect(false, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stage.expect(false, "interrupted");
    }
    return stage.failures().isEmpty();
  }

  /// As seen from the working folder, if it lies below it: the path stands in many lines.
  private static Path shortened(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = path.toAbsolutePath().normalize();
    return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
  }

  private void play() throws IOException, FormatException, InterruptedException {
    String apiKey = newKey();
    VerifierKey auditKey;
    String denied;
    try (Service service = start(apiKey)) {
      auditKey = service.auditKey();
      InetSocketAddress address = service.address();
      if (address == null) {
        throw new IllegalStateException("a proxy over HTTP has an address");
      }
      String url = "http://" + HostPort.of(address);
      opening(url);
      try (DemoClient client = new DemoClient(url, apiKey)) {
        allowed(client);
        denied = denied(client);
        secret(client);
        overLimit(client);
      }
      service.shutdown();
    }
    log(auditKey, denied);
    ending();
  }

  private Service start(String apiKey) {
    UpstreamSettings.Stdio server =
        new UpstreamSettings.Stdio(
            serverCommand(),
            Map.of(DemoServer.CALLS_VARIABLE, Secret.of(calls.toString())),
            null,
            true,
            UpstreamSettings.Stdio.DEFAULT_IDLE);
    Settings settings =
        Settings.builder()
            .listen(ListenSettings.at("127.0.0.1", 0))
            .upstream(UpstreamSettings.of("notes", "/mcp", server))
            .policyBundles(policy)
            .limits(new LimitSettings(16, CALLS_PER_TOOL, 16, 0, Duration.ZERO, null))
            .audit(AuditSettings.in(audit))
            .identity(
                new IdentitySettings(
                    List.of(
                        new IdentitySettings.ApiKey(
                            CALLER, sha256(apiKey), Set.of("demo"), Set.of())),
                    IdentitySettings.Anonymous.NEVER))
            .admin(null)
            .build();
    try {
      return Service.start(Configuration.fixed(settings, "none"));
    } catch (Unusable e) {
      throw new Fatal(String.join("\n", e.reasons()));
    }
  }

  /// This very JVM and class path, with the demo's server as its main class.
  private static List<String> serverCommand() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        DemoServer.class.getName());
  }

  private void opening(String url) {
    Style style = stage.style();
    stage.line(style.bold("Outrider in front of a small MCP server"));
    stage.line("");
    stage.line(
        "   "
            + style.accent(CALLER)
            + " ── HTTP ──▶ "
            + style.accent("outrider")
            + " ── stdio ──▶ "
            + style.accent("notes")
            + "   (server and client: MCP Java SDK)");
    stage.note("at      " + url + "/mcp, with an API key");
    stage.note("policy  " + policy);
    stage.note("limit   " + CALLS_PER_TOOL + " calls to a tool at once, none waits");
  }

  private void allowed(DemoClient client) throws IOException {
    stage.act("An allowed call");
    List<String> tools = client.tools();
    stage.note(
        "the client is shown "
            + String.join(", ", tools)
            + "; delete_note, which the policy can never allow, is hidden");
    stage.expect(
        tools.contains("echo") && !tools.contains("delete_note"),
        "the list shows echo and hides delete_note");
    stage.sends("echo {\"text\": \"hello\"}");
    Reply reply = client.call("echo", Map.of("text", "hello"));
    stage.expect(reply.equals(new Reply.Text("hello")), "echo answers hello, got " + reply);
    if (reply instanceof Reply.Text text) {
      stage.answers(text.text());
    }
    stage.expect(reached("echo") == 1, "echo reached the server once");
  }

  /// @return the id of the decision
  private String denied(DemoClient client) throws IOException {
    stage.act("A denied call");
    stage.sends("delete_note {\"name\": \"plan\"}");
    Reply reply = client.call("delete_note", Map.of("name", "plan"));
    if (!(reply instanceof Reply.Refused refused)) {
      stage.expect(false, "delete_note is refused, got " + reply);
      return "";
    }
    String decision = refused.datum("decisionId");
    stage.refuses(refused.code() + " " + refused.message() + ": " + refused.datum("message"));
    stage.note("decision " + decision + ", code " + refused.datum("code"));
    stage.expect(
        refused.code() == 403 && refused.datum("code").equals("read_only"),
        "the refusal is 403 read_only");
    stage.expect(reached("delete_note") == 0, "delete_note never reached the server");
    rule(decision);
    stage.note(
        "calls that reached the server so far: " + String.join(", ", Files.readAllLines(calls)));
    return decision;
  }

  /// Shows the rule the audit log names, with its line.
  private void rule(String decision) throws IOException {
    List<LogEntry> found = new ArrayList<>();
    try {
      AuditQuery.run(LogSource.folder(audit), 0, Filter.ALL.with("call", decision), found::add);
    } catch (FormatException e) {
      stage.expect(false, "the audit log can be read: " + e.getMessage());
    }
    Map<?, ?> rule =
        found.stream()
            .flatMap(entry -> entry.leaf().list("rules").stream())
            .filter(Map.class::isInstance)
            .map(r -> (Map<?, ?>) r)
            .findFirst()
            .orElse(Map.of());
    boolean named = rule.get("file") instanceof String && rule.get("row") instanceof Long;
    stage.expect(named, "the audit log names the rule of the refusal");
    if (rule.get("file") instanceof String file && rule.get("row") instanceof Long row) {
      stage.note("denied by " + rule.get("rule") + ", " + file + ":" + row);
      List<String> lines = Files.readAllLines(Path.of(file));
      for (long i = row; i < Math.min(row + 3, lines.size() + 1); i++) {
        stage.note("  %3d │ %s".formatted(i, lines.get((int) i - 1)));
      }
    }
  }

  private void secret(DemoClient client) throws IOException {
    stage.act("A secret taken out of a result");
    stage.sends("read_note {\"name\": \"plan\"}");
    Reply reply = client.call("read_note", Map.of("name", "plan"));
    String token = DemoServer.fakeToken();
    if (reply instanceof Reply.Text text) {
      text.text().lines().forEach(stage::answers);
      stage.expect(text.text().contains("Deploy on Friday"), "the note arrives");
      stage.expect(!text.text().contains(token), "the token is taken out");
      stage.expect(
          text.text().contains("[REDACTED:github-ghp]"),
          "the mask names the rule that found the token");
      stage.expect(
          !text.text().contains("ann.lee@"),
          "the e-mail address is taken out, as the policy obliges");
      stage.note(
          "the server sent %s... and an e-mail address; the first fell to a built-in rule, the second to an obligation of the policy"
              .formatted(token.substring(0, 12)));
    } else {
      stage.expect(false, "read_note is answered, got " + reply);
    }
    stage.expect(reached("read_note") == 1, "read_note reached the server once");
  }

  private void overLimit(DemoClient client) throws IOException, InterruptedException {
    stage.act("A call over the concurrency limit");
    Map<String, Object> arguments = Map.of("millis", SLOW_MILLIS);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Reply>> running = new ArrayList<>();
      for (int i = 0; i < CALLS_PER_TOOL; i++) {
        stage.sends("slow {\"millis\": " + SLOW_MILLIS + "}");
        running.add(CompletableFuture.supplyAsync(() -> client.call("slow", arguments), threads));
      }
      waitUntilReached("slow", CALLS_PER_TOOL);
      stage.sends("slow {\"millis\": " + SLOW_MILLIS + "}");
      Reply third = client.call("slow", arguments);
      if (third instanceof Reply.Refused refused) {
        stage.refuses(
            refused.code()
                + " "
                + refused.message()
                + ", retry after "
                + refused.datum("retryAfterSeconds")
                + " s");
        stage.expect(refused.code() == 429, "the refusal is 429");
        stage.expect(
            refused.datum("retryAfterSeconds").matches("[1-9]\\d*"),
            "the refusal says when to try again");
      } else {
        stage.expect(false, "the third call is refused, got " + third);
      }
      for (CompletableFuture<Reply> call : running) {
        Reply reply = call.join();
        stage.expect(
            reply.equals(new Reply.Text("slept " + SLOW_MILLIS + " ms")),
            "the calls within the limit are answered, got " + reply);
        if (reply instanceof Reply.Text text) {
          stage.answers(text.text());
        }
      }
    }
    stage.expect(
        reached("slow") == CALLS_PER_TOOL, "only the calls within the limit reached the server");
  }

  private void log(VerifierKey key, String denied) throws IOException, FormatException {
    stage.act("The audit log of all that");
    LogSource source = LogSource.folder(audit);
    List<LogEntry> entries = new ArrayList<>();
    AuditQuery.run(source, 0, Filter.ALL, entries::add);
    Set<String> toolCalls = new HashSet<>();
    for (LogEntry entry : entries) {
      String call = entry.leaf().text("call").orElse("");
      if (entry.leaf().text("meth").orElse("").equals("tools/call")) {
        toolCalls.add(call);
      }
      if (toolCalls.contains(call)) {
        stage.line(LeafText.line(entry));
      }
    }
    Verification verification = AuditVerifier.verify(source, key);
    stage.expect(
        verification.verdict() == Verdict.OK, "the log verifies, got " + verification.problems());
    stage.line("");
    stage.line(
        "   "
            + stage.style().good("verified")
            + ": "
            + verification.records()
            + " records, none changed, removed or put in between; every call that was let through has its outcome");
    long index =
        entries.stream()
            .filter(entry -> entry.leaf().text("call").orElse("").equals(denied))
            .mapToLong(LogEntry::index)
            .findFirst()
            .orElse(-1);
    stage.expect(index >= 0, "the denied call is in the log");
    if (index >= 0) {
      ProofFile proof = InclusionProver.prove(source, index);
      stage.expect(
          InclusionProver.check(proof, key).text("out").orElse("").equals("refused.denied"),
          "the proof holds");
      Path file = Files.write(folder.resolve("denied-call.proof"), proof.bytes());
      stage.line(
          "   "
              + stage.style().good("proven")
              + ":   record "
              + index
              + ", the denied call, with "
              + proof.path().size()
              + " hashes up to the signed root");
      proof.path().stream().map(hash -> HexFormat.of().formatHex(hash)).forEach(stage::note);
      stage.note(
          "anyone with the public key can check it: outrider audit verify --proof "
              + file
              + " --key "
              + audit.resolve("log.vkey"));
    }
  }

  private void ending() {
    Style style = stage.style();
    stage.line("");
    if (!stage.failures().isEmpty()) {
      stage.line(
          style.bad(
              stage.failures().size()
                  + " of the things shown did not happen as they should; see above."));
      return;
    }
    stage.line(style.good("Everything above was checked while it happened."));
    stage.line("");
    stage.line(style.bold("Your own server behind it"));
    stage.line(
        "   ./outrider run -- npx -y @modelcontextprotocol/server-filesystem /srv/data     "
            + style.dim("clients at http://127.0.0.1:8080/mcp"));
    stage.line(
        "   ./outrider run --upstream https://mcp.example.com/mcp                           "
            + style.dim("a server that speaks HTTP"));
    stage.line(
        "   ./outrider stdio -- npx -y @modelcontextprotocol/server-filesystem /srv/data   "
            + style.dim("as the command of a desktop client"));
    stage.line("   " + style.dim("the log of this demo stays in " + folder));
  }

  private long reached(String tool) throws IOException {
    return Files.exists(calls)
        ? Files.readAllLines(calls).stream().filter(tool::equals).count()
        : 0;
  }

  /// The server writes a call down when it begins with it; this waits for that, for a few seconds
  /// at most.
  private void waitUntilReached(String tool, int times) throws IOException, InterruptedException {
    for (int i = 0; i < 500 && reached(tool) < times; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static String newKey() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    return "ork_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
