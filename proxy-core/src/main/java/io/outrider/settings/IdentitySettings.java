package io.outrider.settings;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Who may call.
///
/// @param apiKeys the keys accepted as `Authorization: Bearer KEY`, by their digest
/// @param anonymous whether a caller without a key is let in
public record IdentitySettings(List<ApiKey> apiKeys, Anonymous anonymous) {
  public IdentitySettings {
    apiKeys = List.copyOf(apiKeys);
    Set<String> ids = new HashSet<>();
    Set<String> digests = new HashSet<>();
    for (ApiKey key : apiKeys) {
      if (!ids.add(key.id())) {
        throw new IllegalArgumentException(
            "identity.api_keys: id '%s' stands twice (expected: once)".formatted(key.id()));
      }
      if (!digests.add(key.sha256())) {
        throw new IllegalArgumentException(
            "identity.api_keys: the sha256 of '%s' stands twice (expected: one id for each key)"
                .formatted(key.id()));
      }
    }
  }

  /// No keys; whoever is on this machine may call.
  public static IdentitySettings defaults() {
    return new IdentitySettings(List.of(), Anonymous.LOOPBACK);
  }

  /// One API key. Keys are 256 random bits, so a plain SHA-256 is enough: there is nothing to
  /// guess.
  ///
  /// @param id the principal's name in policies and the audit log
  /// @param sha256 SHA-256 of the key's UTF-8 text, 64 lower-case hex digits
  /// @param roles given to policies as `input.principal.roles`
  /// @param groups given to policies as `input.principal.groups`
  public record ApiKey(String id, String sha256, Set<String> roles, Set<String> groups) {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    public ApiKey {
      Checks.notBlank("identity.api_keys.id", id);
      if (!DIGEST.matcher(sha256).matches()) {
        throw new IllegalArgumentException(
            "identity.api_keys: sha256 of '%s' has %d characters (expected: 64 lower-case hex digits)"
                .formatted(id, sha256.length()));
      }
      roles = Set.copyOf(roles);
      groups = Set.copyOf(groups);
    }
  }

  /// Whether a caller without a key is let in.
  public enum Anonymous {
    /// Never.
    NEVER,
    /// When the connection comes from this machine.
    LOOPBACK
  }
}
