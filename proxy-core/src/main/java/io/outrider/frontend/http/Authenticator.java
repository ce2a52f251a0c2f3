package io.outrider.frontend.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.outrider.call.Principal;
import io.outrider.call.Refusal;
import io.outrider.settings.IdentitySettings;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Says who calls: the holder of an API key, or somebody on this machine. Keys are known by their
/// SHA-256 only; looking a digest up in a map tells an attacker nothing about the key. Thread-safe.
final class Authenticator {

  private static final String BEARER = "bearer ";

  private final Map<String, IdentitySettings.ApiKey> keys;
  private final IdentitySettings.Anonymous anonymous;

  Authenticator(IdentitySettings settings) {
    keys =
        settings.apiKeys().stream()
            .collect(
                Collectors.toUnmodifiableMap(IdentitySettings.ApiKey::sha256, Function.identity()));
    anonymous = settings.anonymous();
  }

  /// Who it is, or why not.
  sealed interface Identified {
    record Known(Principal principal) implements Identified {}

    record Unknown(Refusal refusal) implements Identified {}
  }

  Identified identify(HttpHeaders headers, InetAddress peer) {
    List<String> credentials = headers.getAll(HttpHeaderNames.AUTHORIZATION);
    if (credentials.size() > 1) {
      return unknown("found " + credentials.size() + " Authorization headers (expected: 1)");
    }
    if (credentials.size() == 1) {
      return byKey(credentials.getFirst());
    }
    return switch (anonymous) {
      case LOOPBACK ->
          peer.isLoopbackAddress()
              ? new Identified.Known(Principal.ANONYMOUS)
              : unknown("found no Authorization header (expected: Bearer and an API key)");
      case NEVER -> unknown("found no Authorization header (expected: Bearer and an API key)");
    };
  }

  /// A credential that is wrong is refused even where none would do: who sends one means it.
  private Identified byKey(String credential) {
    if (credential.length() <= BEARER.length()
        || !credential.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return unknown("found another scheme in Authorization (expected: Bearer and an API key)");
    }
    IdentitySettings.ApiKey key = keys.get(sha256(credential.substring(BEARER.length()).strip()));
    return key == null
        ? unknown("found a key that is not in identity.api_keys")
        : new Identified.Known(
            new Principal(
                key.id(),
                Principal.Type.SERVICE,
                Principal.Auth.API_KEY,
                key.roles(),
                key.groups()));
  }

  private static Identified unknown(String detail) {
    return new Identified.Unknown(new Refusal.Unauthenticated(detail));
  }

  private static String sha256(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform lacks SHA-256", e);
    }
  }
}
