package io.outrider.settings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything one running Outrider was told to do. Immutable; a `Settings` that exists is valid.
///
/// @param listen where clients connect
/// @param upstreams the servers behind it, at least one, names and paths distinct
/// @param policy which policies judge the calls
/// @param redaction which secrets are taken out
/// @param limits how many calls may run
/// @param audit where the record is kept
/// @param identity who may call
/// @param admin where health and metrics are served, or null for nowhere
/// @param timeouts how long things may take
/// @param sizes how large messages may be
public record Settings(
    ListenSettings listen,
    List<UpstreamSettings> upstreams,
    PolicySettings policy,
    RedactionSettings redaction,
    LimitSettings limits,
    AuditSettings audit,
    IdentitySettings identity,
    @Nullable AdminSettings admin,
    TimeoutSettings timeouts,
    SizeSettings sizes) {
  public Settings {
    upstreams = List.copyOf(upstreams);
    if (upstreams.isEmpty()) {
      throw new IllegalArgumentException("upstreams: none (expected: at least one MCP server)");
    }
    Map<String, String> ids = new HashMap<>();
    Map<String, String> paths = new HashMap<>();
    for (UpstreamSettings upstream : upstreams) {
      if (ids.put(upstream.id(), upstream.path()) != null) {
        throw new IllegalArgumentException(
            "upstreams: name '%s' stands twice (expected: once)".formatted(upstream.id()));
      }
      String holder = paths.put(upstream.path(), upstream.id());
      if (holder != null) {
        throw new IllegalArgumentException(
            "upstreams.%s.path: '%s' is the path of '%s' too (expected: a path of its own)"
                .formatted(upstream.id(), upstream.path(), holder));
      }
    }
    if (admin != null
        && admin.port() != 0
        && admin.port() == listen.port()
        && admin.host().equals(listen.host())) {
      throw new IllegalArgumentException(
          "admin.address: %s:%d is the proxy's own address (expected: another port)"
              .formatted(admin.host(), admin.port()));
    }
  }

  /// A builder with every default and no upstream.
  public static Builder builder() {
    return new Builder();
  }

  /// A builder that starts from these settings.
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.listen = listen;
    builder.upstreams = upstreams;
    builder.policy = policy;
    builder.redaction = redaction;
    builder.limits = limits;
    builder.audit = audit;
    builder.identity = identity;
    builder.admin = admin;
    builder.timeouts = timeouts;
    builder.sizes = sizes;
    return builder;
  }

  /// Collects parts; what is not said keeps its default. Not thread-safe.
  public static final class Builder {
    private ListenSettings listen = ListenSettings.defaults();
    private List<UpstreamSettings> upstreams = List.of();
    private PolicySettings policy = PolicySettings.of(List.of());
    private RedactionSettings redaction = RedactionSettings.defaults();
    private LimitSettings limits = LimitSettings.defaults();
    private AuditSettings audit = AuditSettings.in(AuditSettings.DEFAULT_DIRECTORY);
    private IdentitySettings identity = IdentitySettings.defaults();
    private @Nullable AdminSettings admin = AdminSettings.defaults();
    private TimeoutSettings timeouts = TimeoutSettings.defaults();
    private SizeSettings sizes = SizeSettings.defaults();

    private Builder() {}

    public Builder listen(ListenSettings listen) {
      this.listen = listen;
      return this;
    }

    public Builder upstreams(List<UpstreamSettings> upstreams) {
      this.upstreams = upstreams;
      return this;
    }

    public Builder upstream(UpstreamSettings upstream) {
      return upstreams(List.of(upstream));
    }

    public Builder policy(PolicySettings policy) {
      this.policy = policy;
      return this;
    }

    /// The embedded engine enforcing package `outrider` of these files and folders.
    public Builder policyBundles(Path... bundles) {
      return policy(PolicySettings.of(List.of(bundles)));
    }

    public Builder redaction(RedactionSettings redaction) {
      this.redaction = redaction;
      return this;
    }

    public Builder limits(LimitSettings limits) {
      this.limits = limits;
      return this;
    }

    public Builder audit(AuditSettings audit) {
      this.audit = audit;
      return this;
    }

    public Builder identity(IdentitySettings identity) {
      this.identity = identity;
      return this;
    }

    public Builder admin(@Nullable AdminSettings admin) {
      this.admin = admin;
      return this;
    }

    public Builder timeouts(TimeoutSettings timeouts) {
      this.timeouts = timeouts;
      return this;
    }

    public Builder sizes(SizeSettings sizes) {
      this.sizes = sizes;
      return this;
    }

    /// The settings, checked.
    ///
    /// @throws IllegalArgumentException naming the first part that contradicts another
    public Settings build() {
      return new Settings(
          listen, upstreams, policy, redaction, limits, audit, identity, admin, timeouts, sizes);
    }
  }
}
