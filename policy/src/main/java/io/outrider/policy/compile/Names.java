package io.outrider.policy.compile;

import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Module.Import;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the names of one module mean outside of any rule: its imports and the rules of its package.
final class Names {
  /// A document: `input` or `data` and the keys below.
  record Document(boolean input, List<RegoValue> path) {}

  private final List<RegoValue> packagePath;
  private final Set<String> rules;
  private final Map<String, Import> imports = new HashMap<>();
  private final Set<String> usedImports = new HashSet<>();

  Names(List<String> packagePath, Set<String> rules) {
    this.packagePath = values(packagePath);
    this.rules = rules;
  }

  static List<RegoValue> values(List<String> names) {
    List<RegoValue> path = new ArrayList<>(names.size());
    names.forEach(name -> path.add(RegoString.of(name)));
    return path;
  }

  static Names of(Module module, Set<String> rulesOfPackage, Consumer<Diagnostic> problems) {
    Names names = new Names(module.packagePath(), rulesOfPackage);
    for (Import imported : module.imports()) {
      String root = imported.path().getFirst();
      if (root.equals("future") || root.equals("rego")) {
        continue;
      }
      String name = imported.name();
      if (imported.alias() != null && (name.equals("input") || name.equals("data"))) {
        problems.accept(
            Diagnostic.error(
                Diagnostic.COMPILE,
                imported.at(),
                "imports must not shadow " + name + " (use a different alias)",
                null));
        continue;
      }
      Import before = names.imports.putIfAbsent(name, imported);
      if (before != null) {
        problems.accept(
            Diagnostic.error(
                Diagnostic.COMPILE,
                imported.at(),
                "import must not shadow import "
                    + Paths.join(
                        before.path().getFirst(),
                        values(before.path().subList(1, before.path().size()))),
                "give one of them another name with `as`"));
      }
    }
    return names;
  }

  List<RegoValue> packagePath() {
    return packagePath;
  }

  /// The document a name stands for, or null when it is no name of the module.
  @Nullable Document find(String name) {
    Import imported = imports.get(name);
    if (imported != null) {
      usedImports.add(name);
      List<String> path = imported.path();
      return new Document(path.getFirst().equals("input"), values(path.subList(1, path.size())));
    }
    if (name.equals("input") || name.equals("data")) {
      return new Document(name.equals("input"), List.of());
    }
    if (rules.contains(name)) {
      List<RegoValue> path = new ArrayList<>(packagePath);
      path.add(RegoString.of(name));
      return new Document(false, path);
    }
    return null;
  }

  /// Imports whose name was never looked up.
  List<Import> unusedImports() {
    return imports.values().stream().filter(i -> !usedImports.contains(i.name())).toList();
  }
}
