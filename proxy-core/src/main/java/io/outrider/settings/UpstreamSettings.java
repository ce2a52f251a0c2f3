package io.outrider.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One MCP server behind Outrider.
///
/// @param id its name in policies, metrics and the audit log: a letter or digit, then up to 62
///   letters, digits, `-` or `_`
/// @param path the HTTP path clients use for it, starting with `/`
/// @param target how it is reached
/// @param era which protocol era it speaks
public record UpstreamSettings(String id, String path, Target target, Era era) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~/-]*");

  public UpstreamSettings {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "upstreams: name '%s' (expected: a letter or digit, then up to 62 letters, digits, '-' or '_')"
              .formatted(id));
    }
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "upstreams.%s.path: '%s' (expected: '/' and letters, digits, '.', '_', '~', '-', '/')"
              .formatted(id, path));
    }
  }

  /// A server with `era` found out by asking it.
  public static UpstreamSettings of(String id, String path, Target target) {
    return new UpstreamSettings(id, path, target, Era.AUTO);
  }

  /// These settings with the credentials of others: headers, or variables of the process. They are
  /// all that can change while the proxy runs.
  public UpstreamSettings withCredentialsOf(UpstreamSettings other) {
    Target changed =
        switch (target) {
          case Http http when other.target instanceof Http theirs ->
              new Http(http.url(), theirs.headers(), http.transport());
          case Stdio stdio when other.target instanceof Stdio theirs ->
              new Stdio(stdio.command(), theirs.env(), stdio.cwd(), stdio.shared(), stdio.idle());
          case Http _, Stdio _ -> target;
        };
    return new UpstreamSettings(id, path, changed, era);
  }

  /// Which of the two protocol eras a server speaks.
  public enum Era {
    /// Ask it (`server/discover`, then `initialize`).
    AUTO,
    /// Revision 2026-07-28 and later: no sessions, every request carries its `_meta`.
    MODERN,
    /// Revisions up to 2025-11-25: an `initialize` handshake first.
    LEGACY
  }

  /// How a server is reached.
  public sealed interface Target {}

  /// A server at a URL.
  ///
  /// @param url absolute `http` or `https` URL without user info or fragment
  /// @param headers sent with every request, names as written; values are credentials
  /// @param transport which HTTP transport it offers
  public record Http(URI url, Map<String, Secret> headers, Transport transport) implements Target {
    public Http {
      Checks.webUrl("url", url);
      headers = Map.copyOf(headers);
    }

    /// A server without credentials, transport found out by asking.
    public static Http at(URI url) {
      return new Http(url, Map.of(), Transport.AUTO);
    }
  }

  /// Which HTTP transport a server offers.
  public enum Transport {
    /// Streamable HTTP, and HTTP+SSE when the server refuses that.
    AUTO,
    /// Streamable HTTP (revision 2025-03-26 and later).
    STREAMABLE_HTTP,
    /// HTTP+SSE (revision 2024-11-05).
    SSE
  }

  /// A server started here that speaks on stdin and stdout.
  ///
  /// @param command program and arguments; run without a shell
  /// @param env variables added to a minimal inherited environment; values are credentials
  /// @param cwd working folder of the process, or null for Outrider's own
  /// @param shared true: one process serves every client; false: one process for each client
  ///   session
  /// @param idle how long a process of the modern era may be without a call before it is ended; one
  ///   of the legacy era is its session's, and ends with it
  public record Stdio(
      List<String> command,
      Map<String, Secret> env,
      @Nullable Path cwd,
      boolean shared,
      Duration idle)
      implements Target {
    /// Agents pause for a person to read; starting a server again costs a second or two, keeping
    /// one costs its memory.
    public static final Duration DEFAULT_IDLE = Duration.ofMinutes(10);

    public Stdio {
      Checks.positive("stdio.idle", idle);
      command = List.copyOf(command);
      env = Map.copyOf(env);
      if (command.isEmpty() || command.getFirst().isBlank()) {
        throw new IllegalArgumentException(
            "command: empty (expected: a program and its arguments)");
      }
    }

    /// A process for each client session, with nothing added to its environment.
    public static Stdio of(List<String> command) {
      return new Stdio(command, Map.of(), null, false, DEFAULT_IDLE);
    }
  }
}
