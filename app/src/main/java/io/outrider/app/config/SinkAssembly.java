package io.outrider.app.config;

import io.outrider.settings.SinkSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Makes the receivers of `audit.export`.
final class SinkAssembly {
  private final YamlReader reader;

  SinkAssembly(YamlReader reader) {
    this.reader = reader;
  }

  List<SinkSettings> sinks(Map<String, Section> named) {
    List<SinkSettings> sinks = new ArrayList<>();
    named.forEach((name, section) ->
        target(section)
            .flatMap(target ->
                reader.attempt(
                    section.at(),
                    section.path(),
                    () -> new SinkSettings(name, target, section.get(SinkTable.ON_REFUSAL))))
            .ifPresent(sinks::add));
    return sinks;
  }

  private Optional<SinkSettings.Target> target(Section section) {
    if (section.broken()) {
      return Optional.empty();
    }
    List<Key<Section>> kinds = SinkTable.KINDS.stream().filter(section::has).toList();
    if (kinds.size() != 1) {
      reader.problem(
          section.at(),
          section.path(),
          kinds.isEmpty() ? "no kind" : "several kinds: " + names(kinds),
          "one of " + names(SinkTable.KINDS));
      return Optional.empty();
    }
    return file(section.section(SinkTable.FILE));
  }

  private Optional<SinkSettings.Target> file(Section file) {
    return reader
        .required(file, SinkTable.FILE_PATH)
        .flatMap(path ->
            reader.attempt(
                file.at(),
                file.path(),
                () -> new SinkSettings.File(path, file.get(SinkTable.FILE_ROTATE))));
  }

  private static String names(List<Key<Section>> keys) {
    return keys.stream().map(Key::name).collect(Collectors.joining(", "));
  }
}
