package io.outrider.e2e;

import static io.outrider.e2e.WireClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console as a reviewer has it: in a real browser.
///
/// `-Dconsole.records=1000000` for a log of a million records, `-Dconsole.log=FOLDER` for one that
/// is there already, `-Dconsole.shots=FOLDER` to keep pictures.
class ConsoleBrowserTest {
  private static final int RECORDS = Integer.getInteger("console.records", 20_000);
  private static final Pattern URL = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+/console/)");
  private static final Pattern ADMIN =
      Pattern.compile("serving health and metrics url=(http://\\S+)");
  private static final String TOKEN = "ork_of-a-reviewer";
  private static final String TOKEN_SHA256 =
      "2dc4da9f09c4843697d8b0270713a0d633504a47e440819530fc1fe8b2477060";
  private static final String LOADED = "'loaded' in document.body.dataset";

  @TempDir static Path shared;

  @TempDir Path dir;

  private @Nullable Browser browser;

  @BeforeEach
  void startBrowser() {
    Optional<Path> chromium = Browser.find();
    if (chromium.isEmpty()) {
      abort("no chromium on the PATH; the console is not tested in a browser");
      return;
    }
    browser =
        Browser.start(
            chromium.get(), dir.resolve("profile"), Child.PATIENCE.plusSeconds(RECORDS / 4_000));
  }

  @AfterEach
  void endBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  private Browser browser() {
    if (browser == null) {
      throw new IllegalStateException("not started");
    }
    return browser;
  }

  /// Written once; whoever changes it takes a copy.
  private static Path log() throws Exception {
    String given = System.getProperty("console.log");
    if (given != null) {
      return Path.of(given);
    }
    Path log = shared.resolve("log");
    if (!Files.exists(log)) {
      ManyCalls.write(log, RECORDS);
    }
    return log;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private Child console(Path log) {
    OutriderProcess.Setup setup = OutriderProcess.in(dir);
    return Child.start(
        "outrider audit console", setup.command(List.of("audit", "console", "-d", log.toString())));
  }

  private void shot(String name) throws IOException {
    String folder = System.getProperty("console.shots");
    if (folder != null) {
      browser().screenshot(Path.of(folder).resolve(name + ".png"));
    }
  }

  private void awaitVerdict(String word) {
    browser().until("document.getElementById('proof-state').textContent.includes('" + word + "')");
  }

  /// Until the list shows all of the log, and of this search.
  private void awaitSearch(String q) {
    browser().until("document.body.dataset.loaded === '" + q + "'");
  }

  @Test
  void aReviewerFindsACallAndSeesWhyAndThatItIsProven() throws Exception {
    try (Child console = console(log())) {
      Browser page = browser();
      page.open(console.awaitLine(URL).group(1), LOADED);
      page.until(
          "document.getElementById('index-state').textContent === ''"
              + " && Number(document.getElementById('place').textContent.replace(/\\D/g, '')) >= "
              + RECORDS * 9 / 10);
      awaitVerdict("Verified");
      shot("console");

      page.press("/");
      page.type("verdict:deny tool:github.delete_repo");
      page.press("Enter");
      awaitSearch("verdict:deny tool:github.delete_repo kind:call");

      assertThat(
              page.evaluate(
                      "[...document.querySelectorAll('#rows .badge')].every(b => b.textContent === 'deny')")
                  .asBoolean())
          .isTrue();
      assertThat(page.evaluate("document.querySelectorAll('#rows tr[data-at]').length").asInt())
          .isEqualTo(100);
      assertThat(page.evaluate("location.search").asString()).contains("verdict%3Adeny");

      // The search line has the focus still; j would be typed there.
      page.press("Escape");
      page.press("Enter");
      page.until("document.querySelector('#detail .rego') !== null");

      assertThat(page.evaluate("document.body.dataset.opened").asString())
          .isEqualTo(ManyCalls.DENIED);
      assertThat(page.text("#detail .trust")).startsWith("Proven.");
      assertThat(page.text("#detail .reasons")).contains("agents may not delete repositories");
      assertThat(page.text("#detail .rego .here")).contains("deny contains");
      assertThat(page.text("#detail .timeline"))
          .contains("denied by policy", "nothing was forwarded");
      shot("call");

      page.press("Escape");
      page.until("document.getElementById('detail').hidden");
      assertThat(page.complaints()).isEmpty();
    }
  }

  @Test
  void namesThatMeanHarmAreShownAndDoNothing() throws Exception {
    try (Child console = console(log())) {
      Browser page = browser();
      page.open(
          console.awaitLine(URL).group(1) + "?q=user:mallory*",
          "document.body.dataset.loaded === 'user:mallory* kind:call'"
              + " && document.querySelectorAll('#rows tr[data-at]').length === 1");

      assertThat(page.text("#rows"))
          .contains("<img src=x", "U+202E", "U+001B")
          .doesNotContain("\u202e");
      page.press("j");
      page.press("Enter");
      page.until("document.querySelector('#detail .trust') !== null");

      assertThat(page.text("#detail"))
          .contains("<script>alert(1)</script>")
          .doesNotContain("\u202e", "\u001b");
      assertThat(page.evaluate("document.title").asString()).isEqualTo("Outrider audit console");
      assertThat(
              page.evaluate(
                      "document.querySelectorAll('#rows img, #detail img, #detail script').length")
                  .asInt())
          .isZero();
      assertThat(page.evaluate("document.querySelectorAll('[style], style').length").asInt())
          .isZero();
      shot("hostile");
      assertThat(page.complaints()).isEmpty();
    }
  }

  @Test
  void aBrokenLogTurnsThePageRed() throws Exception {
    Path log = dir.resolve("log");
    copy(log(), log);
    tamper(log);
    try (Child console = console(log)) {
      Browser page = browser();
      page.open(console.awaitLine(URL).group(1), LOADED);
      awaitVerdict("TAMPERED WITH");

      assertThat(page.text("#banner")).contains("TAMPERED WITH: record");
      assertThat(
              page.evaluate("getComputedStyle(document.getElementById('banner')).backgroundColor")
                  .asString())
          .isEqualTo("rgb(198, 40, 40)");
      page.press("v");
      assertThat(page.text("#verify .problems")).contains("tampered at record");
      page.dark(true);
      shot("tampered");
    }
  }

  /// Turns one person's call into another's.
  private static void tamper(Path log) throws IOException {
    Path bundle = log.resolve("tile/entries/010");
    if (!Files.exists(bundle)) {
      bundle = log.resolve("tile/entries/x000/010");
    }
    String text = Files.readString(bundle, StandardCharsets.ISO_8859_1);
    String changed = text.replaceFirst("amira@", "emily@");
    assertThat(changed).isNotEqualTo(text);
    Files.delete(bundle);
    Files.writeString(bundle, changed, StandardCharsets.ISO_8859_1);
  }

  @Test
  void paperShowsTheCallAsEvidence() throws Exception {
    try (Child console = console(log())) {
      Browser page = browser();
      page.open(
          console.awaitLine(URL).group(1) + "?call=" + ManyCalls.DENIED,
          "document.querySelector('#detail .rego') !== null");
      page.paper(true);

      assertThat(page.visible(".evidence")).isTrue();
      assertThat(page.visible(".list")).isFalse();
      assertThat(page.visible(".actions")).isFalse();
      assertThat(page.text("#detail")).contains("Root", "outrider audit verify --proof");
    }
  }

  @Test
  void nothingIsSeenBeforeSigningIn() {
    try (CallRecorder server = CallRecorder.start()) {
      OutriderProcess.Setup setup =
          OutriderProcess.in(dir)
              .upstream(server.link())
              .set("admin.console.tokens", List.of(Map.of("id", "rita", "sha256", TOKEN_SHA256)));
      try (OutriderProcess outrider = setup.run()) {
        Browser page = browser();
        page.open(
            outrider.child().awaitLine(ADMIN).group(1) + "/console/",
            "!document.getElementById('sign-in').hidden");
        assertThat(page.visible("#main")).isFalse();
        assertThat(page.text("#origin")).isEmpty();

        page.type("guess");
        page.press("Enter");
        page.until("document.getElementById('sign-in-problem').textContent !== ''");
        page.type(TOKEN);
        page.press("Enter");
        page.until(LOADED);

        assertThat(page.visible("#main")).isTrue();
        assertThat(page.visible("#sign-out")).isTrue();
        assertThat(page.evaluate("document.cookie").asString()).isEmpty();
        outrider.stop();
      }
      assertThat(setup.records("--kind", "review").stdout()).contains("rita");
      assertThat(setup.records("--kind", "auth_failure").stdout()).contains("console");
    }
  }

  /// Through the whole of it: a client calls, a policy decides, and the page shows it by itself.
  @Test
  void callsAppearWhileTheyHappenWithTheRuleThatDecided() {
    try (CallRecorder server = CallRecorder.start()) {
      OutriderProcess.Setup setup =
          OutriderProcess.in(dir)
              .upstream(server.link())
              .policy(OutriderProcess.Setup.deny("forbidden"));
      try (OutriderProcess outrider = setup.run();
          WireClient client = WireClient.connect(outrider.link())) {
        Browser page = browser();
        page.open(outrider.child().awaitLine(ADMIN).group(1) + "/console/", LOADED);
        page.press("l");

        client.call("echo", message("hello"));
        client.call("forbidden", message("hello"));
        page.until(
            "[...document.querySelectorAll('#rows .c-what')].some(c => c.textContent.startsWith('forbidden'))");
        page.evaluate(
            "[...document.querySelectorAll('#rows tr[data-at]')].find(r => r.textContent.includes('forbidden')).click()");
        page.until("document.querySelector('#detail .rego .here') !== null");

        assertThat(page.text("#detail .reasons")).contains("this tool is not for agents");
        assertThat(page.text("#detail .rego")).contains("no_such_work_here");
        outrider.stop();
      }
    }
  }
}
