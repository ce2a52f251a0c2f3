package io.outrider.call;

import java.util.Set;

/// Who makes a call, as far as the proxy has verified it.
///
/// @param id the name in policies and records
/// @param type `user`, `agent`, `service` or `anonymous`
/// @param auth how the id was verified
public record Principal(String id, Type type, Auth auth, Set<String> roles, Set<String> groups) {

  public Principal {
    roles = Set.copyOf(roles);
    groups = Set.copyOf(groups);
  }

  /// A caller nobody has verified.
  public static final Principal ANONYMOUS =
      new Principal("anonymous", Type.ANONYMOUS, Auth.NONE, Set.of(), Set.of());

  /// Whoever started this process and speaks on its standard input: the operating system has
  /// verified the user.
  public static Principal localUser(String name) {
    return new Principal(name, Type.USER, Auth.PROCESS, Set.of(), Set.of());
  }

  /// What kind of caller.
  public enum Type {
    USER,
    SERVICE,
    ANONYMOUS;

    public String slug() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// How the id was verified.
  public enum Auth {
    NONE("none"),
    API_KEY("apikey"),
    PROCESS("process");

    private final String slug;

    Auth(String slug) {
      this.slug = slug;
    }

    public String slug() {
      return slug;
    }
  }
}
