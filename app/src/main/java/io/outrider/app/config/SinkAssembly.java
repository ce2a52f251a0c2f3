package io.outrider.app.config;

import io.outrider.settings.Secret;
import io.outrider.settings.SinkSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
    if (kind == SinkTable.KAFKA) {
      return kafka(keys);
    }
    if (kind == SinkTable.S3) {
      return s3(keys);
    }
    return file(keys);
  }

  private Optional<SinkSettings.Target> kafka(Section keys) {
    Optional<List<Address>> servers = reader.required(keys, SinkTable.SERVERS);
    Optional<String> topic = reader.required(keys, SinkTable.TOPIC);
    if (servers.isEmpty() || topic.isEmpty()) {
      return Optional.empty();
    }
    return make(
        keys,
        () ->
            new SinkSettings.Kafka(
                servers.get().stream().map(SinkAssembly::server).toList(),
                topic.get(),
                keys.get(SinkTable.COMPRESSION),
                keys.get(SinkTable.PROPERTIES)));
  }

  private static String server(Address address) {
    return (address.host().contains(":") ? "[" + address.host() + "]" : address.host())
        + ":"
        + address.port();
  }

  private Optional<SinkSettings.Target> s3(Section keys) {
    Optional<String> bucket = reader.required(keys, SinkTable.BUCKET);
    Optional<Secret> id = keys.find(SinkTable.ACCESS_KEY);
    Optional<Secret> secret = keys.find(SinkTable.SECRET_KEY);
    if (keys.has(SinkTable.ACCESS_KEY) != keys.has(SinkTable.SECRET_KEY)) {
      reader.problem(
          keys.at(),
          keys.path() + ".access_key",
          "one of access_key and secret_key",
          "both, or neither");
      return Optional.empty();
    }
    Section lock = keys.section(SinkTable.OBJECT_LOCK);
    Optional<SinkSettings.S3.Lock> locked = Optional.empty();
    if (keys.has(SinkTable.OBJECT_LOCK)) {
      Optional<SinkSettings.S3.Lock.Mode> mode = reader.required(lock, SinkTable.LOCK_MODE);
      Optional<Duration> retain = reader.required(lock, SinkTable.LOCK_RETAIN);
      if (mode.isEmpty() || retain.isEmpty()) {
        return Optional.empty();
      }
      locked = make(lock, () -> new SinkSettings.S3.Lock(mode.get(), retain.get()));
      if (locked.isEmpty()) {
        return Optional.empty();
      }
    }
    SinkSettings.S3.Lock held = locked.orElse(null);
    return bucket.flatMap(name ->
        make(
            keys,
            () ->
                new SinkSettings.S3(
                    name,
                    keys.get(SinkTable.PREFIX),
                    keys.find(SinkTable.REGION).orElse(null),
                    keys.find(SinkTable.ENDPOINT).orElse(null),
                    keys.get(SinkTable.PATH_STYLE),
                    id.isPresent() && secret.isPresent()
                        ? new SinkSettings.S3.Keys(id.get(), secret.get())
                        : null,
                    held,
                    keys.get(SinkTable.INTERVAL))));
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
