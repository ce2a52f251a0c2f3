package io.outrider.app.config;

import static io.outrider.app.config.Scalars.BYTES;
import static io.outrider.app.config.Scalars.PATH;
import static io.outrider.app.config.Scalars.oneOf;

import io.outrider.app.config.Shape.Group;
import io.outrider.settings.SinkSettings;
import java.nio.file.Path;
import java.util.List;

/// The keys of one receiver under `audit.export`.
final class SinkTable {
  // file
  static final Key<Path> FILE_PATH =
      Key.optional("path", PATH, "required", "The file; its folder is made when missing.");
  static final Key<Integer> FILE_ROTATE =
      Key.of(
          "rotate",
          BYTES,
          SinkSettings.File.DEFAULT_ROTATE,
          "256MiB",
          "Size from which the file is renamed to `PATH.before-INDEX` and another begun. None is ever removed.");
  static final Key<Section> FILE =
      Key.group("file", "Lines of JSON in a file.", FILE_PATH, FILE_ROTATE);

  static final Key<SinkSettings.OnRefusal> ON_REFUSAL =
      Key.of(
          "on_refusal",
          oneOf(SinkSettings.OnRefusal.class),
          SinkSettings.OnRefusal.WAIT,
          "wait",
          "When the receiver will not take a record however often it is sent: `wait` stops before it until a person has looked; `set-aside` puts it into `export/NAME.refused.jsonl`, raises an alarm and goes on.");

  /// The kinds; exactly one stands.
  static final List<Key<Section>> KINDS = List.of(FILE);

  static final Group SINK = new Group(List.of(FILE, ON_REFUSAL));

  private SinkTable() {}
}
