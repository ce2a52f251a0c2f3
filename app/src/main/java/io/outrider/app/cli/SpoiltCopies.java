package io.outrider.app.cli;

import io.outrider.audit.drill.Tampered;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// Puts the spoilt copies of a drill on disk, each with what the verifier was given beside it.
final class SpoiltCopies {
  private SpoiltCopies() {}

  /// Makes a folder that nobody else can look into: the copies hold what the log holds.
  static void newFolder(Path folder) throws IOException {
    Files.createDirectory(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  static void write(Path to, Tampered spoilt) throws IOException {
    for (Map.Entry<String, byte[]> file : spoilt.log().files().entrySet()) {
      put(to.resolve("log").resolve(file.getKey()), file.getValue());
    }
    put(to.resolve("key"), (spoilt.key() + "\n").getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < spoilt.saved().size(); i++) {
      put(to.resolve("saved-checkpoint" + (i == 0 ? "" : "-" + i)), spoilt.saved().get(i));
    }
  }

  private static void put(Path file, byte[] content) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.write(file, content);
  }
}
