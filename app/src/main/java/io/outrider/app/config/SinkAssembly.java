package io.outrider.app.config;

import io.outrider.settings.SinkSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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
    Key<Section> kind = kinds.getFirst();
    Section keys = section.section(kind);
    if (kind == SinkTable.SYSLOG) {
      return syslog(keys);
    }
    if (kind == SinkTable.HTTP) {
      return endpoint(keys, SinkTable.URL_KEY)
          .flatMap(to ->
              make(
                  keys,
                  () ->
                      new SinkSettings.Http(
                          to, keys.get(SinkTable.FORMAT), keys.get(SinkTable.BATCH))));
    }
    if (kind == SinkTable.OTLP) {
      return endpoint(keys, SinkTable.OTLP_URL)
          .flatMap(to -> make(keys, () -> new SinkSettings.Otlp(to, keys.get(SinkTable.BATCH))));
    }
    return file(keys);
  }

  private Optional<SinkSettings.Endpoint> endpoint(Section keys, Key<URI> urlKey) {
    return reader
        .required(keys, urlKey)
        .flatMap(url ->
            make(
                keys,
                () ->
                    new SinkSettings.Endpoint(
                        url,
                        keys.get(SinkTable.HEADERS),
                        keys.get(SinkTable.COMPRESSION),
                        keys.find(SinkTable.CA).orElse(null),
                        keys.get(SinkTable.TIMEOUT))));
  }

  private Optional<SinkSettings.Target> syslog(Section keys) {
    boolean plain = keys.get(SinkTable.TRANSPORT) == SinkTable.Transport.TCP;
    List<Key<Path>> onlyTls = List.of(SinkTable.CA, SinkTable.CERT, SinkTable.KEY);
    if (plain && onlyTls.stream().anyMatch(keys::has)) {
      reader.problem(
          keys.at(SinkTable.TRANSPORT),
          keys.path() + ".transport",
          "'tcp' beside ca, cert or key",
          "tls");
      return Optional.empty();
    }
    Optional<SinkSettings.Tls> tls =
        plain
            ? Optional.empty()
            : make(
                keys,
                () ->
                    new SinkSettings.Tls(
                        keys.find(SinkTable.CA).orElse(null),
                        keys.find(SinkTable.CERT).orElse(null),
                        keys.find(SinkTable.KEY).orElse(null)));
    Optional<Address> address = reader.required(keys, SinkTable.ADDRESS);
    if (address.isEmpty() || (!plain && tls.isEmpty())) {
      return Optional.empty();
    }
    return make(
        keys,
        () ->
            new SinkSettings.Syslog(
                address.get().host(),
                address.get().port(),
                tls.orElse(null),
                keys.get(SinkTable.FACILITY),
                keys.find(SinkTable.HOSTNAME).orElse(null)));
  }

  private Optional<SinkSettings.Target> file(Section keys) {
    return reader
        .required(keys, SinkTable.FILE_PATH)
        .flatMap(
            path -> make(keys, () -> new SinkSettings.File(path, keys.get(SinkTable.FILE_ROTATE))));
  }

  private <T> Optional<T> make(Section keys, Supplier<T> record) {
    return reader.attempt(keys.at(), keys.path(), record);
  }

  private static String names(List<Key<Section>> keys) {
    return keys.stream().map(Key::name).collect(Collectors.joining(", "));
  }
}
