package io.outrider.policy.builtin;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The built-in functions that policies may call. Immutable and safe to share.
///
/// Functions that would let a policy reach the network, the environment or signing keys are absent
/// on purpose; [#refusal] says why, so that the compiler can tell the author instead of reporting
/// an unknown name.
public final class Builtins {
  private static final Builtins STANDARD = new Builtins(build());

  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("http.send", "a policy decision must not depend on the network"),
          Map.entry("net.lookup_ip_addr", "a policy decision must not depend on the network"),
          Map.entry("opa.runtime", "it would show configuration and environment to policies"),
          Map.entry("rego.parse_module", "policies are compiled when they are loaded"),
          Map.entry("io.jwt.encode_sign", "policies must not mint credentials"),
          Map.entry("io.jwt.encode_sign_raw", "policies must not mint credentials"),
          Map.entry("providers.aws.sign_req", "policies must not mint credentials"),
          Map.entry("crypto.parse_private_keys", "private keys do not belong in policies"),
          Map.entry("crypto.x509.parse_keypair", "private keys do not belong in policies"),
          Map.entry("crypto.x509.parse_rsa_private_key", "private keys do not belong in policies"));

  private final Map<String, Builtin> byName;

  private Builtins(Map<String, Builtin> byName) {
    this.byName = byName;
  }

  /// All built-ins Outrider has, operators included.
  public static Builtins standard() {
    return STANDARD;
  }

  private static Map<String, Builtin> build() {
    Registry registry = new Registry(Capabilities.signatures());
    Operators.register(registry);
    Collections.register(registry);
    Objects.register(registry);
    JsonDocuments.register(registry);
    Graphs.register(registry);
    Types.register(registry);
    Strings.register(registry);
    Regexes.register(registry);
    Globs.register(registry);
    Times.register(registry);
    Encodings.register(registry);
    Urls.register(registry);
    Bits.register(registry);
    Units.register(registry);
    Versions.register(registry);
    Randoms.register(registry);
    Cryptos.register(registry);
    Jwts.register(registry);
    Networks.register(registry);
    return registry.all();
  }

  /// The built-in of a name, or null when there is none.
  public @Nullable Builtin find(String name) {
    return byName.get(name);
  }

  /// Why a function known to OPA is not available here, or null when the name is not one of those.
  public @Nullable String refusal(String name) {
    return REFUSED.get(name);
  }

  /// The names of all built-ins, sorted.
  public Set<String> names() {
    return new TreeSet<>(byName.keySet());
  }
}
