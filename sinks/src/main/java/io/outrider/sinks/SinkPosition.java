package io.outrider.sinks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far a sink is, as its files in the log's folder say.
///
/// @param kind empty if neither cursor nor status says it
/// @param state `running`, `failing`, `stopped`, or `unknown`; what the sink said last, so a
///   process that was killed leaves `running`
/// @param next index of the first record not surely delivered; -1 if the cursor cannot be read
/// @param lag records a checkpoint covers and the sink has not delivered; -1 if unknown
/// @param error why it does not go on; null if nothing is known against it
public record SinkPosition(
    String name, String kind, String state, long next, long lag, @Nullable String error) {

  static SinkPosition read(Path folder, String name, long size) throws IOException {
    Optional<StatusFile.Status> status = StatusFile.read(folder, name);
    String state = status.map(StatusFile.Status::state).orElse("unknown").toLowerCase(Locale.ROOT);
    String kind = status.map(StatusFile.Status::kind).orElse("");
    String error = status.map(StatusFile.Status::error).filter(e -> !e.isEmpty()).orElse(null);
    try {
      Optional<CursorFile.Cursor> cursor =
          CursorFile.read(folder.resolve(CursorFile.FOLDER).resolve(name + CursorFile.SUFFIX));
      long next = cursor.map(CursorFile.Cursor::next).orElse(0L);
      return new SinkPosition(
          name,
          cursor.map(CursorFile.Cursor::kind).orElse(kind),
          state,
          next,
          Math.max(0, size - next),
          error);
    } catch (DamagedCursorException e) {
      return new SinkPosition(name, kind, state, -1, -1, e.getMessage());
    }
  }
}
