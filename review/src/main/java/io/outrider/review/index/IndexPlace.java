package io.outrider.review.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// Where the index of a log lies: beside it, or, where the log cannot be written to, among the
/// user's caches.
public final class IndexPlace {
  private IndexPlace() {}

  private static final String FILE = "audit.sqlite";

  /// The file for the log in a folder.
  ///
  /// @param environment where `XDG_CACHE_HOME` and `HOME` are looked up
  public static Path of(Path log, Map<String, String> environment) {
    Path beside = log.resolve("index");
    if (writable(beside) || (!Files.exists(beside) && writable(log))) {
      return beside.resolve(FILE);
    }
    String home = environment.getOrDefault("HOME", System.getProperty("java.io.tmpdir"));
    Path caches = Path.of(environment.getOrDefault("XDG_CACHE_HOME", home + "/.cache"));
    return caches.resolve("outrider").resolve(name(log)).resolve(FILE);
  }

  private static boolean writable(Path folder) {
    return Files.isDirectory(folder) && Files.isWritable(folder);
  }

  /// One folder for each log, by where it lies.
  private static String name(Path log) {
    try {
      Path real = Files.exists(log) ? log.toRealPath() : log.toAbsolutePath();
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(real.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
