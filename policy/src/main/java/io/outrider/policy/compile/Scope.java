package io.outrider.policy.compile;

import io.outrider.policy.compile.LocalVar.Origin;
import io.outrider.policy.syntax.Term.Var;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The variables of one body, inside those of the bodies around it.
///
/// A name that is declared belongs to the body that declares it. A name that is merely used belongs
/// to the outermost body that uses it outside of its own nested bodies, since that is the one which
/// can bind it.
final class Scope {
  private final @Nullable Scope parent;
  private final Frame frame;
  private final Set<String> direct;
  private final Map<String, LocalVar> declared = new LinkedHashMap<>();
  private final Map<String, LocalVar> implicit = new HashMap<>();
  private final Set<String> seen = new HashSet<>();

  /// The slots of one rule or query.
  static final class Frame {
    private int size;

    LocalVar add(String name, io.outrider.policy.syntax.Span at, Origin origin) {
      return new LocalVar(name, size++, at, origin);
    }

    LocalVar generated(io.outrider.policy.syntax.Span at) {
      return add("__local" + size + "__", at, Origin.GENERATED);
    }

    int size() {
      return size;
    }
  }

  Scope(@Nullable Scope parent, Frame frame, Set<String> direct) {
    this.parent = parent;
    this.frame = frame;
    this.direct = direct;
  }

  Frame frame() {
    return frame;
  }

  /// The variable that was declared under this name here or further out, or null.
  @Nullable LocalVar declaredVar(String name) {
    for (Scope s = this; s != null; s = s.parent) {
      LocalVar var = s.declared.get(name);
      if (var != null) {
        return var;
      }
    }
    return null;
  }

  /// The undeclared variable of this name, made if need be.
  LocalVar implicitVar(Var name) {
    Scope owner = this;
    for (Scope s = this; s != null; s = s.parent) {
      LocalVar var = s.implicit.get(name.name());
      if (var != null) {
        return var;
      }
      if (s.direct.contains(name.name())) {
        owner = s;
      }
    }
    LocalVar var = frame.add(name.name(), name.at(), Origin.IMPLICIT);
    owner.implicit.put(name.name(), var);
    return var;
  }

  /// Notes that this body itself uses a name.
  void noteSeen(String name) {
    seen.add(name);
  }

  /// Whether this body has used the name for something else already.
  boolean referencedAbove(String name) {
    return seen.contains(name);
  }

  @Nullable LocalVar declaredHere(String name) {
    return declared.get(name);
  }

  LocalVar declare(Var name, Origin origin) {
    LocalVar var = frame.add(name.name(), name.at(), origin);
    declared.put(name.name(), var);
    return var;
  }

  /// Shares a variable of another scope.
  void adopt(LocalVar var) {
    declared.put(var.name(), var);
  }

  Iterable<LocalVar> declaredVars() {
    return declared.values();
  }

  Map<String, LocalVar> implicitVars() {
    return implicit;
  }
}
