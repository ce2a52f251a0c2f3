package io.outrider.app.terminal;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Where this Outrider is installed.
public final class Home {
  private Home() {}

  /// The policies that ship with it.
  public static Path policies() {
    String home = System.getProperty("outrider.home");
    // Started without the launcher: from lib/ of a distribution, or from the classes of a build.
    return Stream.concat(Stream.ofNullable(home).map(Path::of), ancestors())
        .map(folder -> folder.resolve("policies"))
        .filter(folder -> Files.isDirectory(folder.resolve("read-only")))
        .findFirst()
        .orElseThrow(() ->
            new Fatal("the policies that ship with Outrider are not found; set -Doutrider.home"));
  }

  private static Stream<Path> ancestors() {
    try {
      Path code = Path.of(Home.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Stream.iterate(code, path -> path != null, Path::getParent);
    } catch (URISyntaxException e) {
      return Stream.empty();
    }
  }
}
