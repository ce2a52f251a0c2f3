package io.outrider.policy;

import java.util.List;
import java.util.Objects;

/// Everything a policy set is compiled from, with a digest over names and contents.
///
/// @param digest `sha256:` and 64 hexadecimal digits; equal texts under equal names give equal
///   digests
public record LoadedPolicies(List<PolicySource> modules, List<PolicyData> data, String digest) {
  public LoadedPolicies {
    modules = List.copyOf(modules);
    data = List.copyOf(data);
    Objects.requireNonNull(digest, "digest");
  }

  /// Names, kinds and texts in one piece, as `docs/audit-format.md` lays them out; the digest is
  /// the SHA-256 of these bytes. Made anew for each call.
  public byte[] content() {
    return Digests.content(modules, data);
  }

  /// Policies that were not read from files, such as those built into a test.
  public static LoadedPolicies of(List<PolicySource> modules, List<PolicyData> data) {
    return new LoadedPolicies(modules, data, Digests.of(modules, data));
  }

  /// Modules without data documents.
  public static LoadedPolicies of(PolicySource... modules) {
    return of(List.of(modules), List.of());
  }
}
