package io.outrider.app.serve;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigProblem;
import io.outrider.audit.record.Event;
import io.outrider.enforce.LiveRules;
import io.outrider.enforce.Rules;
import io.outrider.policy.PolicySet;
import io.outrider.settings.Settings;
import io.outrider.settings.UpstreamSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings changed files into force while calls are running. What is broken changes nothing: the
/// last good rules stay, the reason is logged once and shown in the readiness.
///
/// [#look()] is called at the pace of [FileWatch] by one thread; [#degraded()] may be asked by any.
final class Reloader {
  private static final Logger log = LoggerFactory.getLogger(Reloader.class);

  private final LiveRules live;
  private final Consumer<Settings> apply;
  private final Ledger ledger;
  private final Map<Part, String> degraded = new LinkedHashMap<>();
  private Configuration configuration;
  private Watches watches;
  private @Nullable Part again;

  /// The audit log, as far as changes of the rules go.
  interface Ledger {
    /// Keeps the text of policies, durably, before any record names them.
    ///
    /// @throws IOException if it cannot; then they must not come into force
    void keep(PolicySet policy) throws IOException;

    /// Records what came into force.
    void record(Event.Kind kind, Map<String, String> fields);
  }

  /// What can be out of order.
  private enum Part {
    CONFIGURATION,
    POLICY,
    REDACTION,
    RESTART
  }

  /// Starts from the configuration in force.
  ///
  /// @param watches made before the rules in force were read, so that no change falls in between
  /// @param live where new rules go
  /// @param apply brings limits and credentials of upstreams into force
  /// @param ledger writes what came into force into the audit log
  Reloader(
      Configuration configuration,
      Watches watches,
      LiveRules live,
      Consumer<Settings> apply,
      Ledger ledger) {
    this.configuration = configuration;
    this.live = live;
    this.apply = apply;
    this.ledger = ledger;
    this.watches = watches;
  }

  /// Why a person should look; empty when all is well.
  List<String> degraded() {
    synchronized (degraded) {
      return List.copyOf(degraded.values());
    }
  }

  /// Looks at the files once, and reloads what has changed.
  void look() {
    if (watches.config().look() || again == Part.CONFIGURATION) {
      reloadConfiguration();
    }
    if (watches.policies().look() || again == Part.POLICY) {
      reloadPolicies();
    }
    if (watches.rules().look()) {
      reloadRedaction();
    }
  }

  private void reloadPolicies() {
    again = null;
    try {
      Policies.Loaded loaded = Policies.load(configuration.settings().policy());
      PolicySet policy = loaded.policies();
      boolean changed = !policy.digest().equals(live.current().policy().digest());
      if (changed && !kept(policy, Part.POLICY)) {
        return;
      }
      fine(Part.POLICY);
      if (changed) {
        live.replace(policy);
        log.atInfo().addKeyValue("digest", policy.digest()).log("policies reloaded");
        ledger.record(Event.Kind.POLICY, Map.of("policy_digest", policy.digest()));
      }
      loaded.doubts().get().forEach(log::warn);
    } catch (Unusable e) {
      broken(
          Part.POLICY,
          "policies could not be reloaded; the last good ones stay in force",
          e.reasons());
    }
  }

  /// Whether the audit log keeps the text of these policies. If not, what was about to come into
  /// force is tried again at the next look: the disk may have room by then.
  private boolean kept(PolicySet policy, Part part) {
    try {
      ledger.keep(policy);
      return true;
    } catch (IOException e) {
      again = part;
      broken(
          part,
          "the audit log cannot keep the changed policies; the last good ones stay in force",
          List.of(Messages.of(e)));
      return false;
    }
  }

  private void reloadRedaction() {
    try {
      RedactionRules.Loaded rules = RedactionRules.load(configuration.settings().redaction());
      fine(Part.REDACTION);
      if (rules.digest().equals(live.current().redactor().digest())) {
        return;
      }
      live.replace(rules.redactor());
      log.atInfo().addKeyValue("digest", rules.digest()).log("redaction rules reloaded");
      ledger.record(Event.Kind.CONFIG, Map.of("redaction_digest", rules.digest()));
      rules.warnings().forEach(log::warn);
    } catch (Unusable e) {
      broken(
          Part.REDACTION,
          "redaction rules could not be reloaded; the last good ones stay in force",
          e.reasons());
    }
  }

  private void reloadConfiguration() {
    again = null;
    Configuration changed;
    Watches next;
    RulesLoader.Loaded loaded;
    try {
      changed = configuration.again().read();
      next = Watches.of(changed);
      loaded = RulesLoader.load(changed.settings(), changed.digest());
    } catch (ConfigException e) {
      broken(
          Part.CONFIGURATION,
          "the configuration could not be reloaded; the last good one stays in force",
          e.problems().stream().map(ConfigProblem::toString).toList());
      return;
    } catch (Unusable e) {
      broken(
          Part.CONFIGURATION,
          "the configuration could not be reloaded; the last good one stays in force",
          e.reasons());
      return;
    }
    Rules rules = loaded.rules();
    if (!kept(rules.policy(), Part.CONFIGURATION)) {
      return;
    }
    fine(Part.CONFIGURATION);
    fine(Part.POLICY);
    fine(Part.REDACTION);
    List<String> restart = needRestart(configuration.settings(), changed.settings());
    live.replace(rules);
    // What needs a restart stays as it started, and so stays the base of the next comparison.
    Settings now = inForce(configuration.settings(), changed.settings());
    apply.accept(now);
    configuration = new Configuration(now, changed.digest(), changed.files(), changed.again());
    watches = next;
    log.atInfo().addKeyValue("digest", changed.digest()).log("configuration reloaded");
    ledger.record(Event.Kind.CONFIG, loaded.digests(changed.digest()));
    loaded.doubts().get().forEach(log::warn);
    if (restart.isEmpty()) {
      fine(Part.RESTART);
    } else {
      broken(Part.RESTART, "the configuration has changes that need a restart", restart);
    }
  }

  /// Sections whose change is not in force until a restart.
  private static List<String> needRestart(Settings before, Settings after) {
    List<String> sections = new ArrayList<>();
    if (!before.listen().equals(after.listen())) {
      sections.add("listen");
    }
    if (!upstreams(before, after).equals(after.upstreams())) {
      sections.add("upstreams");
    }
    boolean audit =
        before.audit().directory().equals(after.audit().directory())
            && before.audit().durability() == after.audit().durability()
            && before.audit().onFailure() == after.audit().onFailure()
            && Objects.equals(before.audit().retention(), after.audit().retention())
            && before.audit().export().equals(after.audit().export())
            && before.audit().anchors().equals(after.audit().anchors());
    if (!audit) {
      sections.add("audit");
    }
    if (!before.identity().equals(after.identity())) {
      sections.add("identity");
    }
    if (!Objects.equals(before.admin(), after.admin())) {
      sections.add("admin");
    }
    if (!before.timeouts().equals(after.timeouts())) {
      sections.add("timeouts");
    }
    if (!before.sizes().equals(after.sizes())) {
      sections.add("sizes");
    }
    return sections;
  }

  /// The upstreams as they run, with the credentials of the same ones after the change.
  private static List<UpstreamSettings> upstreams(Settings before, Settings after) {
    return before.upstreams().stream()
        .map(running ->
            after.upstreams().stream()
                .filter(changed -> changed.id().equals(running.id()))
                .findFirst()
                .map(running::withCredentialsOf)
                .orElse(running))
        .toList();
  }

  private static Settings inForce(Settings before, Settings after) {
    return before.toBuilder()
        .policy(after.policy())
        .redaction(after.redaction())
        .limits(after.limits())
        .upstreams(upstreams(before, after))
        .build();
  }

  private void fine(Part part) {
    String was;
    synchronized (degraded) {
      was = degraded.remove(part);
    }
    if (was != null) {
      log.atInfo().addKeyValue("was", was).log("no longer degraded");
    }
  }

  private void broken(Part part, String what, List<String> reasons) {
    synchronized (degraded) {
      degraded.put(part, what + ": " + String.join("; ", reasons));
    }
    reasons.forEach(reason -> log.atWarn().addKeyValue("reason", reason).log(what));
  }

  /// The files whose changes are brought into force.
  record Watches(FileWatch config, FileWatch policies, FileWatch rules) {
    /// What is there now counts as known.
    static Watches of(Configuration configuration) {
      Settings settings = configuration.settings();
      return new Watches(
          new FileWatch(List.copyOf(configuration.files())),
          new FileWatch(settings.policy().bundles()),
          new FileWatch(() -> RedactionRules.files(settings.redaction())));
    }
  }
}
