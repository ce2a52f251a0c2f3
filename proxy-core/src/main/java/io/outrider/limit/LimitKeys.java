package io.outrider.limit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one call counts towards.
///
/// @param upstream the name of the upstream in the configuration
/// @param tool the tool as the client named it, or null for a call that names none
/// @param principal who calls
/// @param policy limits that the policy put on this call; several with one key become one
public record LimitKeys(
    String upstream, @Nullable String tool, String principal, List<PolicyLimit> policy) {

  public LimitKeys {
    policy = policy.size() > 1 ? merged(policy) : List.copyOf(policy);
  }

  /// Keys of a call on which the policy put no limit of its own.
  public LimitKeys(String upstream, @Nullable String tool, String principal) {
    this(upstream, tool, principal, List.of());
  }

  private static List<PolicyLimit> merged(List<PolicyLimit> limits) {
    Map<String, PolicyLimit> byKey = new LinkedHashMap<>();
    for (PolicyLimit limit : limits) {
      byKey.merge(limit.key(), limit, PolicyLimit::and);
    }
    return List.copyOf(byKey.values());
  }
}
