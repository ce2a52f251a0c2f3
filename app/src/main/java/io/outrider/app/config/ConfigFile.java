package io.outrider.app.config;

import io.outrider.app.config.ConfigProblem.Position;
import io.outrider.settings.AnchorSettings;
import io.outrider.settings.AuditSettings;
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
    String text = text(path);
    Path folder = folder(path);
    References references = new References(environment, folder);
    YamlReader reader = reader(path, references, folder);
    Optional<Settings> settings =
        reader.read(text).flatMap(root -> new Assembly(reader, folder).settings(root));
    if (settings.isEmpty() || !reader.problems().isEmpty()) {
      throw new ConfigException(inOrder(reader.problems()));
    }
    Set<Path> files = new LinkedHashSet<>(references.files());
    files.add(path);
    return new Loaded(settings.get(), files, digest(text));
  }

  /// Where a file says the audit log is, whatever else may be wrong with it: who reviews a log has
  /// neither the credentials nor the servers the rest is about.
  ///
  /// @throws ConfigException if the file is no YAML, or that part of it cannot be used
  public static Path auditDirectory(Path path, Map<String, String> environment)
      throws ConfigException {
    Path folder = folder(path);
    YamlReader reader = reader(path, new References(environment, folder), folder);
    Optional<Section> root = reader.read(text(path));
    List<ConfigProblem> inTheWay =
        reader.problems().stream()
            .filter(problem -> root.isEmpty() || saysWhere(problem.path()))
            .toList();
    if (!inTheWay.isEmpty()) {
      throw new ConfigException(inOrder(inTheWay));
    }
    return root.flatMap(section -> section.section(ConfigTable.AUDIT).find(ConfigTable.DIRECTORY))
        .orElseGet(() -> folder.resolve(AuditSettings.DEFAULT_DIRECTORY).normalize());
  }

  /// Who is to vouch for the audit log. Needs no credential of the rest of the file.
  ///
  /// @throws ConfigException with the problems of that part, or if there is no file to read
  public static AnchorSettings auditAnchors(Path path, Map<String, String> environment)
      throws ConfigException {
    Path folder = folder(path);
    YamlReader reader = reader(path, new References(environment, folder), folder);
    Optional<Section> root = reader.read(text(path));
    AnchorSettings anchors =
        root.map(section -> section.section(ConfigTable.AUDIT).section(AnchorTable.ANCHORS))
            .map(section -> new AnchorAssembly(reader).anchors(section))
            .orElse(AnchorSettings.NONE);
    List<ConfigProblem> inTheWay =
        reader.problems().stream()
            .filter(problem -> root.isEmpty() || problem.path().startsWith("audit.anchors"))
            .toList();
    if (!inTheWay.isEmpty()) {
      throw new ConfigException(inOrder(inTheWay));
    }
    return anchors;
  }

  /// Whether a problem there leaves open where the log is; where it is sent on to does not.
  private static boolean saysWhere(String path) {
    return path.startsWith("audit")
        && !path.startsWith("audit.export")
        && !path.startsWith("audit.anchors");
  }

  private static String text(Path path) throws ConfigException {
    try {
      return Files.readString(path);
    } catch (CharacterCodingException e) {
      throw unreadable(path, "not UTF-8 text");
    } catch (IOException e) {
      throw unreadable(path, Files.exists(path) ? "cannot be read" : "no such file");
    }
  }

  private static Path folder(Path path) {
    Path parent = path.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private static YamlReader reader(Path path, References references, Path folder) {
    return new YamlReader(path.toString(), references, new Shape.Context(folder));
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
