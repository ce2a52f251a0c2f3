package io.outrider.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where things lie in the checkout.
final class Repo {
  private static final Path ROOT = find();

  private Repo() {}

  static Path root() {
    return ROOT;
  }

  static Path e2e() {
    return ROOT.resolve("e2e");
  }

  static Path fixture(String name) {
    return e2e().resolve("fixtures").resolve(name);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The build says; an IDE that does not is started somewhere below.
  private static Path find() {
    String told = System.getProperty("outrider.root");
    Path at = Path.of(told == null ? "" : told).toAbsolutePath().normalize();
    for (Path p = at; p != null; p = p.getParent()) {
      if (Files.isRegularFile(p.resolve("e2e").resolve("setup-runtimes.sh"))) {
        return p;
      }
    }
    throw new IllegalStateException("no checkout of Outrider at or above " + at);
  }
}
