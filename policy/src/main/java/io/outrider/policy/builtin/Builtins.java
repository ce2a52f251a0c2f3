package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The built-in functions that policies may call. Immutable and safe to share.
///
/// Functions that let a policy reach the network, the process or mint credentials are off until
/// they are named ([#enabling]); [#refusal] says why, so that the compiler can tell the author
/// instead of reporting an unknown name.
public final class Builtins {
  private static final Map<String, String> OFF =
      Map.ofEntries(
          Map.entry("http.send", "a policy decision should not depend on the network"),
          Map.entry("net.lookup_ip_addr", "a policy decision should not depend on the network"),
          Map.entry("opa.runtime", "it shows the environment of the process to policies"),
          Map.entry("io.jwt.encode_sign", "policies should not mint credentials"),
          Map.entry("io.jwt.encode_sign_raw", "policies should not mint credentials"),
          Map.entry("providers.aws.sign_req", "policies should not mint credentials"),
          Map.entry(
              "rego.parse_module", "a policy decision should not depend on the text of policies"));

  private static final Map<String, Builtin> ALL = build();
  private static final Builtins STANDARD = new Builtins(Set.of(), ALL);

  private final Map<String, Builtin> byName;
  private final Set<String> enabled;

  private Builtins(Set<String> enabled, Map<String, Builtin> all) {
    Map<String, Builtin> on = new HashMap<>(all);
    on.keySet().removeIf(name -> OFF.containsKey(name) && !enabled.contains(name));
    this.byName = Map.copyOf(on);
    this.enabled = Set.copyOf(enabled);
  }

  /// All built-ins but those that are off until they are named.
  public static Builtins standard() {
    return STANDARD;
  }

  /// The standard built-ins and the named ones of [#off].
  public static Builtins enabling(Collection<String> names) {
    for (String name : names) {
      if (!OFF.containsKey(name)) {
        throw new IllegalArgumentException(
            "built-in: " + name + " (expected: one of " + String.join(", ", off()) + ")");
      }
    }
    return names.isEmpty() ? STANDARD : new Builtins(Set.copyOf(names), ALL);
  }

  /// These built-ins, with another answer of `opa.runtime` than the environment of this process.
  public Builtins withRuntime(RegoObject runtime) {
    Registry registry = new Registry(Capabilities.signatures());
    registry.any("opa.runtime", (cx, a) -> runtime);
    return with(registry);
  }

  /// These built-ins and those of a registry, which come before ours of the same name.
  Builtins with(Registry registry) {
    Map<String, Builtin> all = new HashMap<>(byName);
    all.putAll(registry.all());
    return new Builtins(enabled, all);
  }

  /// The names of the built-ins that are off until they are named, sorted.
  public static SortedSet<String> off() {
    return new TreeSet<>(OFF.keySet());
  }

  /// The names of the built-ins of [#off] that wait for the network, and so must not be called on a
  /// thread that others wait for.
  public static SortedSet<String> waiting() {
    return new TreeSet<>(Set.of("http.send", "net.lookup_ip_addr"));
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
    JwtSigning.register(registry);
    AwsSigning.register(registry);
    PrivateKeys.register(registry);
    X509.register(registry);
    JsonSchemas.register(registry);
    Graphql.register(registry);
    HttpSend.register(registry);
    Outside.register(registry);
    Templates.register(registry);
    Internals.register(registry);
    RegoModules.register(registry);
    return registry.all();
  }

  /// The built-in of a name, or null when there is none.
  public @Nullable Builtin find(String name) {
    return byName.get(name);
  }

  /// Why a function known to OPA is off and how to turn it on; null for any other name.
  public @Nullable String refusal(String name) {
    String reason = enabled.contains(name) ? null : OFF.get(name);
    return reason == null ? null : reason + "; to turn it on, list it in policy.builtins";
  }

  /// The names of those of [#off] that are on here, sorted.
  public SortedSet<String> enabled() {
    return new TreeSet<>(enabled);
  }

  /// The names of all built-ins, sorted.
  public Set<String> names() {
    return new TreeSet<>(byName.keySet());
  }
}
