package io.outrider.policy.compile;

import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;

/// What `rego.metadata.rule()` and `rego.metadata.chain()` answer. Both are constants of the rule
/// that asks.
final class Metadata {
  private final List<Module> modules;

  /// Few policies have any; looking costs a walk over all modules for each rule.
  private final boolean hasSchemas;

  Metadata(List<Module> modules) {
    this.modules = List.copyOf(modules);
    this.hasSchemas =
        modules.stream()
            .flatMap(module -> module.annotations().stream())
            .anyMatch(annotation -> annotation.value().get("schemas") != null);
  }

  /// The annotations of the rule itself, or an empty object.
  RegoValue ofRule(RuleDef def) {
    for (RegoObject annotations : def.rule().annotations()) {
      if (hasScope(annotations, "rule") || hasScope(annotations, "document")) {
        return annotations;
      }
    }
    return RegoObject.EMPTY;
  }

  /// The annotations that apply to the rule, from the rule outwards to the root.
  RegoValue chain(RuleDef def) {
    List<RegoValue> chain = new ArrayList<>();
    RegoArray path = pathOf(def);
    RegoObject own = first(def.rule().annotations(), "rule");
    chain.add(entry(path, own));
    for (Module module : modules) {
      for (Rule rule : module.rules()) {
        boolean same =
            module.packagePath().equals(def.module().packagePath())
                && headPath(rule).equals(headPath(def.rule()));
        if (same) {
          addAll(chain, path, rule.annotations(), "document");
        }
      }
    }
    List<String> packagePath = def.module().packagePath();
    for (Module module : modules) {
      if (module.packagePath().equals(packagePath)) {
        addAll(chain, packageOf(packagePath), module.packageAnnotations(), "package");
      }
    }
    for (int length = packagePath.size(); length > 0; length--) {
      List<String> outer = packagePath.subList(0, length);
      for (Module module : modules) {
        if (module.packagePath().equals(outer)) {
          addAll(chain, packageOf(outer), module.packageAnnotations(), "subpackages");
        }
      }
    }
    return RegoArray.of(chain);
  }

  /// What a metadata block says a document looks like.
  ///
  /// @param ofInput whether it is a part of `input`, and not of `data`
  /// @param path the names below that
  record Described(boolean ofInput, List<RegoValue> path, RegoObject definition) {}

  /// The schemas that are written out in the blocks that apply to a rule, the nearest last. One
  /// that is only named is not looked for: what it describes may be anything.
  List<Described> schemas(RuleDef def) {
    List<Described> found = new ArrayList<>();
    if (!hasSchemas) {
      return found;
    }
    for (RegoValue entry : (RegoArray) chain(def)) {
      if (entry instanceof RegoObject o
          && o.get("annotations") instanceof RegoObject annotations
          && annotations.get("schemas") instanceof RegoArray schemas) {
        List<Described> here = new ArrayList<>();
        schemas.forEach(schema -> described(schema, here));
        found.addAll(0, here);
      }
    }
    return found;
  }

  private static void described(RegoValue schema, List<Described> found) {
    if (schema instanceof RegoObject o
        && o.get("definition") instanceof RegoObject definition
        && o.get("path") instanceof RegoArray path
        && path.get(0) instanceof RegoString root) {
      List<RegoValue> names = new ArrayList<>();
      path.slice(1, path.size()).forEach(names::add);
      found.add(new Described(root.value().equals("input"), names, definition));
    }
  }

  private static void addAll(
      List<RegoValue> chain, RegoArray path, List<RegoObject> annotations, String scope) {
    for (RegoObject value : annotations) {
      if (hasScope(value, scope)) {
        chain.add(entry(path, value));
      }
    }
  }

  private static RegoObject first(List<RegoObject> annotations, String scope) {
    return annotations.stream()
        .filter(a -> hasScope(a, scope))
        .findFirst()
        .orElse(RegoObject.EMPTY);
  }

  private static RegoObject entry(RegoArray path, RegoObject annotations) {
    RegoObject.Builder out = RegoObject.builder(2).put("path", path);
    if (!annotations.isEmpty()) {
      out.put("annotations", annotations);
    }
    return out.build();
  }

  private static boolean hasScope(RegoObject annotations, String scope) {
    return annotations.get("scope") instanceof RegoString s && s.value().equals(scope);
  }

  private static RegoArray pathOf(RuleDef def) {
    List<RegoValue> path = new ArrayList<>(Names.values(def.module().packagePath()));
    path.addAll(headPath(def.rule()));
    return RegoArray.of(path);
  }

  private static List<RegoValue> headPath(Rule rule) {
    List<RegoValue> path = new ArrayList<>();
    path.add(RegoString.of(rule.head().name().name()));
    for (Term key : rule.head().path()) {
      if (!(key instanceof Term.Scalar s)) {
        break;
      }
      path.add(s.value());
    }
    return path;
  }

  private static RegoArray packageOf(List<String> path) {
    return RegoArray.of(Names.values(path));
  }
}
