package io.outrider.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.audit.record.Event;
import io.outrider.enforce.LiveRules;
import io.outrider.policy.Decision;
import io.outrider.policy.PolicySet;
import io.outrider.policy.value.RegoJson;
import io.outrider.settings.Settings;
import io.outrider.settings.UpstreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloaderTest {
  private static final String CONFIG =
      """
      upstreams: { a: { url: "http://127.0.0.1:1/mcp" } }
      policy: { bundles: main.rego }
      redaction: { rules: rules.toml }
      """;

  @TempDir private Path folder;
  private final List<Settings> applied = new ArrayList<>();
  private final List<Event.Kind> recorded = new ArrayList<>();
  private final List<String> kept = new ArrayList<>();
  private boolean full;
  private Runnable whileKeeping = () -> {};

  private void write(String name, String text) throws Exception {
    Files.writeString(folder.resolve(name), text);
  }

  private static String allowing(String tool) {
    return "package outrider\n\nallow if input.mcp.name == \"" + tool + "\"\n";
  }

  private static String finding(String id) {
    return "[[rules]]\nid = \"" + id + "\"\nregex = '''" + id + "-[0-9]{6}'''\n";
  }

  @BeforeEach
  void files() throws Exception {
    write("outrider.yaml", CONFIG);
    write("main.rego", allowing("first"));
    write("rules.toml", finding("red"));
  }

  private Configuration configuration() throws ConfigException {
    ConfigFile.Loaded loaded = ConfigFile.read(folder.resolve("outrider.yaml"), Map.of());
    return new Configuration(
        loaded.settings(), loaded.digest(), loaded.files(), this::configuration);
  }

  /// A reloader and the rules it keeps.
  private record Running(Reloader reloader, LiveRules live) {
    /// As often as a change needs to be noticed.
    void settle() {
      for (int i = 0; i < 3; i++) {
        reloader.look();
      }
    }

    /// What is left of a text when masks and spaces are taken out.
    String masked(String text) {
      return live.current().redactor().redactText(text).replaceAll("\\[REDACTED:[a-z]+]| ", "");
    }

    boolean allows(String tool) {
      return live.current().policy().decide(RegoJson.read("{\"mcp\":{\"name\":\"" + tool + "\"}}"))
          instanceof Decision.Allow;
    }
  }

  private Running running() throws Exception {
    Configuration configuration = configuration();
    Reloader.Watches watches = Reloader.Watches.of(configuration);
    LiveRules live =
        new LiveRules(RulesLoader.load(configuration.settings(), configuration.digest()).rules());
    return new Running(
        new Reloader(configuration, watches, live, applied::add, new Ledger()), live);
  }

  private final class Ledger implements Reloader.Ledger {
    @Override
    public void keep(PolicySet policy) throws IOException {
      whileKeeping.run();
      if (full) {
        throw new IOException("No space left on device");
      }
      kept.add(policy.digest());
    }

    @Override
    public void record(Event.Kind kind, Map<String, String> fields) {
      if (fields.containsKey("policy_digest")) {
        assertThat(kept).contains(fields.get("policy_digest"));
      }
      recorded.add(kind);
    }
  }

  @Test
  void aChangedPolicyComesIntoForceWithinASecond() throws Exception {
    Running running = running();
    assertThat(running.allows("first")).isTrue();
    write("main.rego", allowing("second"));

    int looks = 0;
    while (!running.allows("second") && looks < 10) {
      running.reloader().look();
      looks++;
    }

    assertThat(running.allows("first")).isFalse();
    assertThat(FileWatch.PACE.multipliedBy(looks).toMillis()).isLessThan(1_000);
    assertThat(recorded).containsExactly(Event.Kind.POLICY);
  }

  /// The changed policies are compiled and held back before they come into force: calls go on being
  /// judged by those in force, on a thread that never meets the one that reloads.
  @Test
  void noDecisionWaitsForAReload() throws Exception {
    Running running = running();
    CountDownLatch compiled = new CountDownLatch(1);
    CountDownLatch judged = new CountDownLatch(1);
    whileKeeping =
        () -> {
          compiled.countDown();
          awaitUninterruptibly(judged);
        };
    write("main.rego", allowing("second"));
    Thread reload = Thread.ofVirtual().start(running::settle);
    assertThat(compiled.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(running.allows("first")).isTrue();
    assertThat(running.allows("second")).isFalse();
    assertThat(reload.isAlive()).isTrue();

    judged.countDown();
    assertThat(reload.join(Duration.ofSeconds(30))).isTrue();
    assertThat(running.allows("second")).isTrue();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody let the reload go on");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aBrokenPolicyKeepsTheLastGoodOneAndSaysWhere() throws Exception {
    Running running = running();
    write("main.rego", "package outrider\n\nallow if {\n");
    running.settle();

    assertThat(running.allows("first")).isTrue();
    assertThat(running.reloader().degraded())
        .singleElement()
        .asString()
        .contains("last good ones", "main.rego:");
    assertThat(recorded).isEmpty();

    write("main.rego", allowing("third"));
    running.settle();
    assertThat(running.allows("third")).isTrue();
    assertThat(running.reloader().degraded()).isEmpty();
  }

  @Test
  void aPolicyWhoseTextCannotBeKeptDoesNotComeIntoForceUntilItCan() throws Exception {
    Running running = running();
    full = true;
    write("main.rego", allowing("second"));
    running.settle();
    assertThat(running.allows("first")).isTrue();
    assertThat(running.reloader().degraded())
        .singleElement()
        .asString()
        .contains("cannot keep the changed policies", "No space left");

    full = false;
    running.settle();
    assertThat(running.allows("second")).isTrue();
    assertThat(running.reloader().degraded()).isEmpty();
    assertThat(recorded).containsExactly(Event.Kind.POLICY);
  }

  @Test
  void aFileTouchedButNotChangedIsNoReload() throws Exception {
    Running running = running();
    var before = running.live().current().policy();
    write("main.rego", allowing("first"));
    running.settle();

    assertThat(running.live().current().policy()).isSameAs(before);
    assertThat(recorded).isEmpty();
  }

  @Test
  void changedRedactionRulesComeIntoForce() throws Exception {
    Running running = running();
    assertThat(running.live().current().redactor().redactText("blue-123456"))
        .contains("blue-123456");
    write("rules.toml", finding("blue"));
    running.settle();

    assertThat(running.live().current().redactor().redactText("blue-123456"))
        .doesNotContain("blue-123456");
  }

  /// A base that is named by its name, one that this names in turn, and one that is new.
  @Test
  void filesThatRulesExtendAreWatchedLikeTheRules() throws Exception {
    write("rules.toml", "extend = { path = \"base.toml\" }\n" + finding("red"));
    write("base.toml", "[extend]\npath = \"deep/bottom.toml\"\n" + finding("blue"));
    Files.createDirectory(folder.resolve("deep"));
    write("deep/bottom.toml", finding("green"));
    Running running = running();
    assertThat(running.masked("red-123456 blue-123456 green-123456")).isEmpty();

    write("deep/bottom.toml", finding("olive"));
    running.settle();
    assertThat(running.masked("red-123456 blue-123456 olive-123456")).isEmpty();
    assertThat(running.masked("green-123456")).isEqualTo("green-123456");

    write("base.toml", finding("navy") + "# extends nothing\n");
    running.settle();
    assertThat(running.masked("olive-123456")).isEqualTo("olive-123456");

    write("base.toml", "[extend]\npath = \"other.toml\"\n" + finding("navy"));
    running.settle();
    assertThat(running.reloader().degraded())
        .singleElement()
        .asString()
        .contains("last good ones", "other.toml");
    assertThat(running.masked("red-123456 navy-123456")).isEmpty();

    write("other.toml", finding("teal"));
    running.settle();
    assertThat(running.masked("red-123456 navy-123456 teal-123456")).isEmpty();
    assertThat(running.reloader().degraded()).isEmpty();
    assertThat(recorded).containsExactly(Event.Kind.CONFIG, Event.Kind.CONFIG, Event.Kind.CONFIG);
  }

  @Test
  void aBrokenEditOfAnExtendedFileKeepsTheLastGoodRulesAndSaysWhere() throws Exception {
    write("rules.toml", "[extend]\npath = \"base.toml\"\n" + finding("red"));
    write("base.toml", finding("blue"));
    Running running = running();
    write("base.toml", finding("blue") + finding("navy").replace("[0-9]", "[0-9"));
    running.settle();

    assertThat(running.masked("red-123456 blue-123456")).isEmpty();
    assertThat(running.reloader().degraded())
        .singleElement()
        .asString()
        .contains("last good ones", "base.toml:4: rule navy");
    assertThat(recorded).isEmpty();
  }

  @Test
  void rulesTouchedButNotChangedAreNoReload() throws Exception {
    Running running = running();
    var before = running.live().current().redactor();
    write("rules.toml", finding("red"));
    running.settle();

    assertThat(running.live().current().redactor()).isSameAs(before);
    assertThat(recorded).isEmpty();
  }

  @Test
  void changedLimitsComeIntoForceAndOtherChangesAskForARestart() throws Exception {
    Running running = running();
    write(
        "outrider.yaml",
        CONFIG
            + "limits: { concurrency: { per_tool: 3 } }\nlisten: { address: \"127.0.0.1:8181\" }\naudit: { anchors: { interval: 7m } }\n");
    running.settle();

    assertThat(applied)
        .singleElement()
        .extracting(settings -> settings.limits().perTool())
        .isEqualTo(3);
    assertThat(running.reloader().degraded())
        .singleElement()
        .asString()
        .contains("need a restart", "listen", "audit");
    assertThat(recorded).containsExactly(Event.Kind.CONFIG);
  }

  @Test
  void aChangedCredentialComesIntoForceAndTheRestOfAnUpstreamAsksForARestart() throws Exception {
    String with =
        CONFIG.replace("mcp\" }", "mcp\", headers: { Authorization: \"Bearer ${file:token}\" } }");
    write("token", "first\n");
    write("outrider.yaml", with);
    Running running = running();

    write("token", "second, and longer\n");
    running.settle();

    assertThat(authorization(applied.getLast())).isEqualTo("Bearer second, and longer");
    assertThat(running.reloader().degraded()).isEmpty();

    write("token", "third\n");
    write("outrider.yaml", with.replace("127.0.0.1:1/", "127.0.0.1:2/"));
    running.settle();

    assertThat(authorization(applied.getLast())).isEqualTo("Bearer third");
    assertThat(((UpstreamSettings.Http) applied.getLast().upstreams().getFirst().target()).url())
        .hasPort(1);
    assertThat(running.reloader().degraded())
        .singleElement()
        .asString()
        .contains("need a restart", "upstreams");
  }

  private static String authorization(Settings settings) {
    UpstreamSettings.Http http = (UpstreamSettings.Http) settings.upstreams().getFirst().target();
    return Objects.requireNonNull(http.headers().get("Authorization")).reveal();
  }

  @Test
  void aBrokenConfigurationChangesNothing() throws Exception {
    Running running = running();
    write("outrider.yaml", CONFIG + "limit: {}\n");
    running.settle();

    assertThat(applied).isEmpty();
    assertThat(running.reloader().degraded())
        .singleElement()
        .asString()
        .contains("limit: unknown key");
  }
}
