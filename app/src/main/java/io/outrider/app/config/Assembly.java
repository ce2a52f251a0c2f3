package io.outrider.app.config;

import io.outrider.app.config.ConfigProblem.Position;
import io.outrider.settings.AdminSettings;
import io.outrider.settings.AnchorSettings;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.ConsoleSettings;
import io.outrider.settings.IdentitySettings;
import io.outrider.settings.IdentitySettings.ApiKey;
import io.outrider.settings.LimitSettings;
import io.outrider.settings.ListenSettings;
import io.outrider.settings.PolicySettings;
import io.outrider.settings.RedactionSettings;
import io.outrider.settings.Settings;
import io.outrider.settings.SinkSettings;
import io.outrider.settings.SizeSettings;
import io.outrider.settings.TimeoutSettings;
import io.outrider.settings.UpstreamSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes [Settings] of a file that was read. A part in which the reader found a problem is left
/// out: what its absence would cause is no news.
final class Assembly {
  private final YamlReader reader;
  private final Path folder;

  Assembly(YamlReader reader, Path folder) {
    this.reader = reader;
    this.folder = folder;
  }

  /// The settings; nothing if the reader, or this, has a problem to report.
  Optional<Settings> settings(Section root) {
    Settings.Builder builder = Settings.builder();
    part(root.section(ConfigTable.LISTEN), this::listen).ifPresent(builder::listen);
    builder.upstreams(upstreams(root));
    part(root.section(ConfigTable.POLICY), this::policy).ifPresent(builder::policy);
    part(root.section(ConfigTable.REDACTION), this::redaction).ifPresent(builder::redaction);
    part(root.section(ConfigTable.LIMITS), this::limits).ifPresent(builder::limits);
    audit(root.section(ConfigTable.AUDIT)).ifPresent(builder::audit);
    identity(root.section(ConfigTable.IDENTITY)).ifPresent(builder::identity);
    builder.admin(admin(root.section(ConfigTable.ADMIN)));
    part(root.section(ConfigTable.TIMEOUTS), this::timeouts).ifPresent(builder::timeouts);
    part(root.section(ConfigTable.SIZES), this::sizes).ifPresent(builder::sizes);
    if (!reader.problems().isEmpty()) {
      return Optional.empty();
    }
    return attempt(root.at(ConfigTable.UPSTREAMS), "", builder::build);
  }

  private ListenSettings listen(Section listen) {
    Address address = listen.get(ConfigTable.LISTEN_ADDRESS);
    return new ListenSettings(
        address.host(),
        address.port(),
        tls(listen, ConfigTable.TLS, ConfigTable.TLS_CLIENT_CA),
        Set.copyOf(listen.get(ConfigTable.ALLOWED_HOSTS)),
        Set.copyOf(listen.get(ConfigTable.ALLOWED_ORIGINS)));
  }

  private ListenSettings.@Nullable Tls tls(Section port, Key<Section> group, Key<Path> clientCa) {
    if (!port.has(group)) {
      return null;
    }
    Section section = port.section(group);
    Optional<Path> cert = required(section, ConfigTable.TLS_CERT);
    Optional<Path> key = required(section, ConfigTable.TLS_KEY);
    return cert.isPresent() && key.isPresent()
        ? new ListenSettings.Tls(cert.get(), key.get(), section.find(clientCa).orElse(null))
        : null;
  }

  private List<UpstreamSettings> upstreams(Section root) {
    Optional<Map<String, Section>> named = root.find(ConfigTable.UPSTREAMS);
    if (named.isEmpty()) {
      if (!root.has(ConfigTable.UPSTREAMS)) {
        reader.problem(
            root.at(), ConfigTable.UPSTREAMS.name(), "missing", "at least one MCP server");
      }
      return List.of();
    }
    if (named.get().isEmpty() && reader.problems().isEmpty()) {
      reader.problem(
          root.at(ConfigTable.UPSTREAMS),
          ConfigTable.UPSTREAMS.name(),
          "none",
          "at least one MCP server");
    }
    boolean alone = named.get().size() == 1;
    List<UpstreamSettings> upstreams = new ArrayList<>();
    named
        .get()
        .forEach((name, section) -> upstream(name, section, alone).ifPresent(upstreams::add));
    return upstreams;
  }

  private Optional<UpstreamSettings> upstream(String name, Section section, boolean alone) {
    String path =
        section.find(ConfigTable.UPSTREAM_PATH).orElse(alone ? "/mcp" : "/" + name + "/mcp");
    return target(section)
        .flatMap(target ->
            attempt(
                section.at(),
                section.path(),
                () -> new UpstreamSettings(name, path, target, section.get(ConfigTable.ERA))));
  }

  private Optional<UpstreamSettings.Target> target(Section section) {
    boolean http = section.has(ConfigTable.UPSTREAM_URL);
    boolean stdio = section.has(ConfigTable.STDIO);
    if (http == stdio) {
      if (!section.broken()) {
        reader.problem(
            section.at(),
            section.path(),
            http ? "both url and stdio" : "neither url nor stdio",
            "one of them");
      }
      return Optional.empty();
    }
    if (stdio) {
      for (Key<?> key : List.of(ConfigTable.HEADERS, ConfigTable.TRANSPORT)) {
        if (section.has(key)) {
          reader.problem(
              section.at(key),
              YamlReader.join(section.path(), key.name()),
              "stands beside stdio",
              "only beside url");
        }
      }
      Section child = section.section(ConfigTable.STDIO);
      Optional<List<String>> command = required(child, ConfigTable.COMMAND);
      if (child.broken() || command.isEmpty()) {
        return Optional.empty();
      }
      return attempt(
          child.at(),
          child.path(),
          () ->
              new UpstreamSettings.Stdio(
                  command.get(),
                  child.get(ConfigTable.ENV),
                  child.find(ConfigTable.CWD).orElse(null),
                  child.get(ConfigTable.SHARED),
                  child.get(ConfigTable.STDIO_IDLE)));
    }
    return section
        .find(ConfigTable.UPSTREAM_URL)
        .flatMap(url ->
            attempt(
                section.at(ConfigTable.UPSTREAM_URL),
                section.path(),
                () ->
                    new UpstreamSettings.Http(
                        url,
                        section.get(ConfigTable.HEADERS),
                        section.get(ConfigTable.TRANSPORT))));
  }

  private PolicySettings policy(Section section) {
    return new PolicySettings(
        section.get(ConfigTable.ENGINE),
        section.get(ConfigTable.BUNDLES),
        section.get(ConfigTable.PACKAGES),
        section.get(ConfigTable.BUILTINS),
        section.get(ConfigTable.MODE));
  }

  private RedactionSettings redaction(Section section) {
    List<String> rules =
        section.get(ConfigTable.RULES).stream()
            .map(rule ->
                rule.equals(RedactionSettings.BUILTIN)
                    ? rule
                    : folder.resolve(rule).normalize().toString())
            .toList();
    return new RedactionSettings(
        rules,
        Set.copyOf(section.get(ConfigTable.DIRECTIONS)),
        section.get(ConfigTable.ON_MATCH),
        section.get(ConfigTable.MASK),
        Set.copyOf(section.get(ConfigTable.DETECTORS)),
        treatments(section));
  }

  private List<RedactionSettings.Treatment> treatments(Section section) {
    List<RedactionSettings.Treatment> treatments = new ArrayList<>();
    for (Section one : section.get(ConfigTable.TREATMENTS)) {
      required(one, ConfigTable.TREATMENT_ACTION)
          .flatMap(action ->
              part(
                  one,
                  t ->
                      new RedactionSettings.Treatment(
                          Set.copyOf(t.get(ConfigTable.TREATMENT_RULES)),
                          Set.copyOf(t.get(ConfigTable.TREATMENT_DIRECTIONS)),
                          Set.copyOf(t.get(ConfigTable.TREATMENT_UPSTREAMS)),
                          Set.copyOf(t.get(ConfigTable.TREATMENT_TOOLS)),
                          Set.copyOf(t.get(ConfigTable.TREATMENT_PRINCIPALS)),
                          t.get(ConfigTable.TREATMENT_PATHS),
                          action)))
          .ifPresent(treatments::add);
    }
    return treatments;
  }

  private LimitSettings limits(Section section) {
    Section concurrency = section.section(ConfigTable.CONCURRENCY);
    return new LimitSettings(
        concurrency.get(ConfigTable.PER_UPSTREAM),
        concurrency.get(ConfigTable.PER_TOOL),
        concurrency.get(ConfigTable.PER_PRINCIPAL),
        concurrency.get(ConfigTable.QUEUE),
        concurrency.get(ConfigTable.QUEUE_WAIT),
        section.section(ConfigTable.RATE).find(ConfigTable.RATE_PER_PRINCIPAL).orElse(null));
  }

  private Optional<AuditSettings> audit(Section section) {
    List<SinkSettings> sinks = new SinkAssembly(reader).sinks(section.get(ConfigTable.EXPORT));
    AnchorSettings anchors =
        new AnchorAssembly(reader).anchors(section.section(AnchorTable.ANCHORS));
    return part(
        section,
        audit ->
            new AuditSettings(
                audit
                    .find(ConfigTable.DIRECTORY)
                    .orElseGet(() -> folder.resolve(AuditSettings.DEFAULT_DIRECTORY).normalize()),
                audit.get(ConfigTable.DURABILITY),
                audit.get(ConfigTable.ON_FAILURE),
                audit.get(ConfigTable.PAYLOADS),
                audit.find(ConfigTable.RETENTION).orElse(null),
                sinks,
                anchors));
  }

  private Optional<IdentitySettings> identity(Section section) {
    List<ApiKey> keys = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Section key : section.get(ConfigTable.API_KEYS)) {
      Optional<String> id = required(key, ConfigTable.KEY_ID);
      Optional<String> sha256 = required(key, ConfigTable.KEY_SHA256);
      if (id.isPresent() && sha256.isPresent()) {
        if (!ids.add(id.get())) {
          reader.problem(
              key.at(ConfigTable.KEY_ID),
              key.path() + ".id",
              "'" + id.get() + "' stands twice",
              "once");
          continue;
        }
        attempt(
                key.at(ConfigTable.KEY_SHA256),
                key.path(),
                () ->
                    new ApiKey(
                        id.get(),
                        sha256.get(),
                        Set.copyOf(key.get(ConfigTable.KEY_ROLES)),
                        Set.copyOf(key.get(ConfigTable.KEY_GROUPS))))
            .ifPresent(keys::add);
      }
    }
    return part(section, part -> new IdentitySettings(keys, part.get(ConfigTable.ANONYMOUS)));
  }

  private @Nullable AdminSettings admin(Section section) {
    if (!section.get(ConfigTable.ADMIN_ENABLED)) {
      return null;
    }
    Address address = section.get(ConfigTable.ADMIN_ADDRESS);
    Section console = section.section(ConfigTable.CONSOLE);
    List<ConsoleSettings.Token> tokens = new ArrayList<>();
    for (Section token : console.get(ConfigTable.TOKENS)) {
      Optional<String> id = required(token, ConfigTable.TOKEN_ID);
      Optional<String> sha256 = required(token, ConfigTable.TOKEN_SHA256);
      if (id.isPresent() && sha256.isPresent()) {
        attempt(
                token.at(ConfigTable.TOKEN_SHA256),
                token.path(),
                () -> new ConsoleSettings.Token(id.get(), sha256.get()))
            .ifPresent(tokens::add);
      }
    }
    // A setting with a problem is not used; what stands here then only lets the others be found.
    ConsoleSettings settings =
        part(console, part -> new ConsoleSettings(part.get(ConfigTable.CONSOLE_ENABLED), tokens))
            .orElseGet(ConsoleSettings::defaults);
    return new AdminSettings(
        address.host(),
        address.port(),
        tls(section, ConfigTable.ADMIN_TLS, ConfigTable.ADMIN_TLS_CLIENT_CA),
        settings);
  }

  private TimeoutSettings timeouts(Section section) {
    return new TimeoutSettings(
        section.get(ConfigTable.CONNECT),
        section.get(ConfigTable.IDLE),
        section.get(ConfigTable.ABSOLUTE),
        section.get(ConfigTable.SESSION),
        section.get(ConfigTable.KEEP_ALIVE),
        section.get(ConfigTable.DRAIN));
  }

  private SizeSettings sizes(Section section) {
    return new SizeSettings(
        section.get(ConfigTable.MAX_BODY),
        section.get(ConfigTable.MAX_MESSAGE),
        section.get(ConfigTable.MAX_DEPTH),
        section.get(ConfigTable.MAX_HEADERS),
        section.get(ConfigTable.OFF_LOOP));
  }

  private <T> Optional<T> part(Section section, Function<Section, T> record) {
    return section.broken()
        ? Optional.empty()
        : attempt(section.at(), section.path(), () -> record.apply(section));
  }

  /// The record, or a problem in the words of the record that refused.
  private <T> Optional<T> attempt(Position at, String path, Supplier<T> record) {
    return reader.attempt(at, path, record);
  }

  private <T> Optional<T> required(Section section, Key<T> key) {
    return reader.required(section, key);
  }
}
