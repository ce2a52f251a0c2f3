package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Secrets stay where they belong: out of what the server gets, what the client gets, the audit log
/// and the operator's log.
class RedactionTest {
  private static final Play TELL_SECRETS =
      Play.of(
          "tell secrets",
          DeniedCallTest.step("listTools"),
          DeniedCallTest.call("to the server", "echo", "deploy with " + Canary.AWS + " today"),
          DeniedCallTest.call("from the server", "secret", "please"));

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource(Client.class)
  void secretIsTakenOutBothWays(Client client) {
    Runtimes.need(client.runtime);
    try (CallRecorder server = CallRecorder.start();
        OutriderProcess outrider = OutriderProcess.in(dir).upstream(server.link()).run()) {
      Played played = client.play(outrider.link(), TELL_SECRETS);

      assertThat(server.called()).containsExactly("echo", "secret");
      assertThat(server.all()).contains("deploy with ", " today").doesNotContain(Canary.AWS);
      assertThat(played.result("to the server").toString()).contains("deploy with ", " today");
      assertThat(played.result("from the server").toString()).contains("the key is ", ", keep it");
      Canary.absentIn("what the client was told", played.text());
      outrider.stop();
      outrider.setup().auditIsWhole(outrider.stderr());
    }
  }

  /// The reader of the log learns that something was taken out, and by which rule, not what.
  @Test
  void recordNamesTheRuleAndNotTheSecret() {
    try (CallRecorder server = CallRecorder.start();
        OutriderProcess outrider = OutriderProcess.in(dir).upstream(server.link()).run()) {
      Client.JAVA_SDK.play(outrider.link(), TELL_SECRETS);
      outrider.stop();

      OutriderProcess.Setup setup = outrider.setup();
      Child.Done export = setup.records();

      assertThat(export.code()).as("%s", export.stderr()).isZero();
      assertThat(export.stdout()).containsIgnoringCase("aws").containsIgnoringCase("github");
      Canary.absentIn("the exported record", export.stdout());
    }
  }

  /// A file server that reads a leaked key out of a file.
  @Test
  void secretInAFileDoesNotReachTheClient() throws IOException {
    Runtimes.need("node");
    Path work = Files.createDirectory(dir.toRealPath().resolve("work"));
    Files.writeString(work.resolve("deploy.env"), "region=eu\ntoken=" + Canary.GITHUB + "\n");
    Play play =
        Play.of(
            "read it",
            DeniedCallTest.step("call")
                .put("name", "read")
                .put("tool", "read_text_file")
                .set(
                    "arguments", Json.object().put("path", work.resolve("deploy.env").toString())));
    try (Upstream.Running server = Upstream.FILESYSTEM.start(work)) {
      OutriderProcess.Setup setup = OutriderProcess.in(dir).upstream(server.link());

      Played played = Client.TS1.play(setup.stdio(), play);

      assertThat(played.result("read").toString()).contains("region=eu");
      Canary.absentIn("what the client was told", played.text());
      setup.auditIsWhole("");
    }
  }

  /// What a client shows Outrider is not passed on, and what Outrider shows the server is not told.
  @Test
  void credentialsOfOneSideNeverReachTheOther() {
    try (CallRecorder server = CallRecorder.start()) {
      OutriderProcess.Setup setup = OutriderProcess.in(dir);
      String reference = setup.secret("upstream", "Bearer " + Canary.UPSTREAM);
      setup.upstream(new Link.Http(server.link().url(), Map.of("Authorization", reference)));
      try (OutriderProcess outrider = setup.run()) {
        Link.Http link =
            new Link.Http(outrider.link().url(), Map.of("Cookie", "theirs=do-not-pass-on"));
        Played played = Client.JAVA_SDK.play(link, TELL_SECRETS);

        assertThat(server.all()).contains(Canary.UPSTREAM).doesNotContain("do-not-pass-on");
        Canary.absentIn("what the client was told", played.text());
        outrider.stop();
        setup.auditIsWhole(outrider.stderr());
      }
    }
  }
}
