package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What goes into the container image, as a folder: no engine is needed to see that it runs.
class RuntimeImageTest {

  @TempDir Path dir;

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "the image is for Linux")
  void theImageOfTheDockerfileServesACall() {
    Path jdk = Path.of(System.getProperty("java.home"));
    assumeTrue(
        Files.isExecutable(jdk.resolve("bin").resolve("jlink")),
        "jlink is not in the JDK that runs the tests");
    Path image = dir.resolve("image");
    ProcessBuilder make =
        new ProcessBuilder(
            Repo.root().resolve("docker").resolve("runtime.sh").toString(),
            Repo.root().resolve("app").resolve("target").resolve("outrider").toString(),
            image.toString());
    make.environment().put("JAVA_HOME", jdk.toString());
    assertThat(Child.run("runtime.sh", make, "").code()).isZero();
    assertThat(image.resolve("jre").resolve("bin").resolve("javac")).doesNotExist();

    // As the Dockerfile does: the runtime of the image and no other.
    List<String> line =
        new ArrayList<>(
            List.of(
                "env",
                "OUTRIDER_JAVA=" + image.resolve("jre"),
                image.resolve("bin").resolve("outrider").toString(),
                "stdio",
                "--"));
    line.addAll(RecordingServer.stdio(dir.resolve("received.jsonl")).command());
    Played played =
        Client.JAVA_SDK.play(
            OutriderProcess.in(dir).inItsFolder(line),
            Play.of("say hello", DeniedCallTest.call("hello", "echo", "hi")));
    assertThat(played.result("hello").toString()).contains("hi");
  }

  @ParameterizedTest
  @ValueSource(strings = {"compose.yaml", "kubernetes-sidecar.yaml", "outrider.yaml"})
  void theExamplesAreYaml(String name) {
    String text = Repo.read(Repo.root().resolve("docker").resolve(name));
    assertThat(new Load(LoadSettings.builder().setLabel(name).build()).loadAllFromString(text))
        .isNotEmpty()
        .allSatisfy(document -> assertThat(document).isInstanceOf(Map.class));
  }
}
