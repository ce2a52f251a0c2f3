package io.outrider.sinks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `export/<sink>.status`: the state of a sink for other processes: state, error and kind, a line
/// each. Only a hint: it is neither synced nor ever read by the sink.
final class StatusFile {
  static final String SUFFIX = ".status";

  /// Messages of client libraries can be pages long.
  private static final int MAX_ERROR = 2000;

  private final Path file;
  private final String kind;
  private @Nullable Status written;

  StatusFile(Path log, String sink, String kind) {
    this.kind = kind;
    this.file = log.resolve(CursorFile.FOLDER).resolve(sink + SUFFIX);
  }

  /// @param error empty when there is none
  record Status(String state, String error, String kind) {}

  /// Writes the state if it is another than before.
  void write(SinkReport.State state, @Nullable String error) throws IOException {
    Status status = new Status(state.name(), error == null ? "" : oneLine(error), kind);
    if (!status.equals(written)) {
      CursorFile.replace(
          file,
          (status.state() + "\n" + status.error() + "\n" + status.kind() + "\n")
              .getBytes(StandardCharsets.UTF_8),
          false);
      written = status;
    }
  }

  static Optional<Status> read(Path log, String sink) throws IOException {
    try {
      String text =
          new String(
              Files.readAllBytes(log.resolve(CursorFile.FOLDER).resolve(sink + SUFFIX)),
              StandardCharsets.UTF_8);
      String[] lines = text.split("\n", -1);
      return lines.length < 3
          ? Optional.empty()
          : Optional.of(new Status(lines[0], lines[1], lines[2]));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static String oneLine(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= MAX_ERROR ? line : line.substring(0, MAX_ERROR) + "...";
  }
}
