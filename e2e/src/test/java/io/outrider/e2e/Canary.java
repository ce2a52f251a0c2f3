package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Made-up secrets in the shape of real ones, and the search for places that must not hold them.
final class Canary {
  /// In the shape of a GitHub personal access token.
  static final String GITHUB = join("ghp_", "x7Kd92LmQpZrT4vWbN8sYcHf3JgAeU1iOt6R");

  /// In the shape of an AWS access key id.
  static final String AWS = join("AKIA", "Z7QXN3RT5MK2VLPD");

  /// The credential Outrider shows an upstream: opaque, so no rule could know it by its shape.
  static final String UPSTREAM = join("canary-upstream-", "5f3e9a7c1b2d4e6f8a0b");

  private static final List<String> ALL = List.of(GITHUB, AWS, UPSTREAM);

  private Canary() {}

  static void absentIn(String what, String text) {
    for (String canary : ALL) {
      assertThat(text.contains(canary))
          .as("%s holds %s...", what, canary.substring(0, 6))
          .isFalse();
    }
  }

  static void absentBelow(Path dir) {
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        absentIn(
            file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// In two halves, so that no secret scanner takes this file for a leak.
  private static String join(String head, String tail) {
    return head + tail;
  }
}
