package io.outrider.app.config;

import io.outrider.app.config.ConfigProblem.Position;
import io.outrider.settings.Settings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads an `outrider.yaml`.
public final class ConfigFile {
  private ConfigFile() {}

  /// What a file says.
  ///
  /// @param settings the settings, valid
  /// @param files the file itself and every file it took a value from
  /// @param digest `sha256:` and 64 hex digits of the file's text, which names it in audit records
  public record Loaded(Settings settings, Set<Path> files, String digest) {
    public Loaded {
      files = Set.copyOf(files);
    }
  }

  /// Reads a file. Relative paths in it start from the folder it is in.
  ///
  /// @param path the file; problems name it as given here
  /// @param environment where `${env:NAME}` looks
  /// @throws ConfigException with every problem in it
  public static Loaded read(Path path, Map<String, String> environment) throws ConfigException {
    String text;
    try {
      text = Files.readString(path);
    } catch (CharacterCodingException e) {
      throw unreadable(path, "not UTF-8 text");
    } catch (IOException e) {
      throw unreadable(path, Files.exists(path) ? "cannot be read" : "no such file");
    }
    Path parent = path.getParent();
    Path folder = parent == null ? Path.of("") : parent;
    References references = new References(environment, folder);
    YamlReader reader = new YamlReader(path.toString(), references, new Shape.Context(folder));
    Optional<Settings> settings =
        reader.read(text).flatMap(root -> new Assembly(reader, folder).settings(root));
    if (settings.isEmpty() || !reader.problems().isEmpty()) {
      throw new ConfigException(inOrder(reader.problems()));
    }
    Set<Path> files = new LinkedHashSet<>(references.files());
    files.add(path);
    return new Loaded(settings.get(), files, digest(text));
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static ConfigException unreadable(Path path, String why) {
    return new ConfigException(
        List.of(
            new ConfigProblem(
                new Position(path.toString(), 1, 1), "", why, "a configuration file in YAML")));
  }

  private static List<ConfigProblem> inOrder(List<ConfigProblem> problems) {
    return problems.stream()
        .sorted(
            Comparator.comparingInt((ConfigProblem problem) -> problem.at().line())
                .thenComparingInt(problem -> problem.at().column()))
        .toList();
  }
}
