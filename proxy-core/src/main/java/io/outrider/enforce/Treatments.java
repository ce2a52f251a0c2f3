package io.outrider.enforce;

import io.outrider.call.Call;
import io.outrider.redaction.Action;
import io.outrider.redaction.Handling;
import io.outrider.settings.RedactionSettings.Direction;
import io.outrider.settings.RedactionSettings.Then;
import io.outrider.settings.RedactionSettings.Treatment;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the settings say about findings in some places: per rule, direction, upstream, tool,
/// principal and JSON path. Immutable and thread-safe.
public final class Treatments {

  /// None: everything as the rules say.
  public static final Treatments NONE = new Treatments(List.of());

  private final List<Treatment> all;

  public Treatments(List<Treatment> all) {
    this.all = List.copyOf(all);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /// Whose message it is.
  ///
  /// @param tool null when the message is about none
  /// @param principal null when nobody is known yet
  record Subject(
      Direction direction, String upstream, @Nullable String tool, @Nullable String principal) {

    static Subject of(Call call, Direction direction) {
      return new Subject(
          direction, call.upstream(), PolicyGate.toolName(call), call.principal().id());
    }
  }

  /// How the findings of one message are handled.
  ///
  /// @param vault keeps what tokens stand for; null keeps nothing
  Handling of(Subject subject, @Nullable Vault vault) {
    List<Treatment> fitting = all.stream().filter(t -> fits(t, subject)).toList();
    return new Handling() {
      @Override
      public @Nullable Action action(
          String rule, String group, Action usual, Supplier<String> pointer) {
        for (Treatment treatment : fitting) {
          if (isAbout(treatment, rule, group)
              && (treatment.paths().isEmpty() || isBelow(treatment, pointer.get()))) {
            return then(treatment.action());
          }
        }
        return usual;
      }

      @Override
      public String scope() {
        return subject.upstream() + "\n" + subject.principal();
      }

      @Override
      public void tokenised(String token, String value) {
        if (vault != null) {
          vault.keep(scope(), token, value);
        }
      }
    };
  }

  private static boolean fits(Treatment t, Subject s) {
    return (t.directions().isEmpty() || t.directions().contains(s.direction))
        && has(t.upstreams(), s.upstream)
        && has(t.tools(), s.tool)
        && has(t.principals(), s.principal);
  }

  private static boolean has(Set<String> wanted, @Nullable String found) {
    return wanted.isEmpty() || (found != null && wanted.contains(found));
  }

  private static boolean isAbout(Treatment t, String rule, String group) {
    return t.rules().isEmpty() || t.rules().contains(rule) || t.rules().contains(group);
  }

  private static boolean isBelow(Treatment t, String pointer) {
    String[] found = pointer.split("/", -1);
    return t.paths().stream().anyMatch(path -> isBelow(path.split("/", -1), found));
  }

  private static boolean isBelow(String[] path, String[] found) {
    if (found.length < path.length) {
      return false;
    }
    for (int i = 0; i < path.length; i++) {
      if (!path[i].equals("*") && !path[i].equals(found[i])) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Action then(Then then) {
    return switch (then) {
      case MASK -> Action.MASK;
      case BLOCK -> Action.BLOCK;
      case TOKENISE -> Action.TOKENISE;
      case ALERT -> Action.ALERT;
      case IGNORE -> null;
    };
  }
}
