package io.outrider.policy.compile;

import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Module.Import;
import io.outrider.policy.syntax.RegoVersion;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the names of one module mean outside of any rule: its imports and the rules of its package.
final class Names {
  /// A document: `input` or `data` and the keys below.
  record Document(boolean input, List<RegoValue> path) {}

  private final List<RegoValue> packagePath;
  private final Set<String> rules;
  private final boolean v1;
  private final Map<String, Import> imports = new HashMap<>();
  private final Map<String, Import> named = new HashMap<>();
  private final Set<String> usedImports = new HashSet<>();

  Names(List<String> packagePath, Set<String> rules, boolean v1) {
    this.v1 = v1;
    this.packagePath = values(packagePath);
    this.rules = rules;
  }

  static List<RegoValue> values(List<String> names) {
    List<RegoValue> path = new ArrayList<>(names.size());
    names.forEach(name -> path.add(RegoString.of(name)));
    return path;
  }

  static Names of(Module module, Set<String> rulesOfPackage, boolean strict, Problems problems) {
    boolean v1 = module.version() != RegoVersion.V0 || strict;
    Names names = new Names(module.packagePath(), rulesOfPackage, v1);
    for (Import imported : module.imports()) {
      names.noteDuplicates(imported, v1, problems);
      String root = imported.path().getFirst();
      if (root.equals("future") || root.equals("rego")) {
        continue;
      }
      String name = imported.name();
      if (imported.alias() != null && (name.equals("input") || name.equals("data"))) {
        problems.compile(
            Stage.RESERVED_NAMES,
            imported.at(),
            "imports must not shadow " + name + " (use a different alias)",
            null);
        continue;
      }
      names.imports.putIfAbsent(name, imported);
    }
    return names;
  }

  private void noteDuplicates(Import imported, boolean forbidden, Problems problems) {
    Import before = named.putIfAbsent(imported.name(), imported);
    if (before != null && forbidden) {
      String path =
          Paths.join(
              before.path().getFirst(), values(before.path().subList(1, before.path().size())));
      problems.compile(
          Stage.DUPLICATE_IMPORTS,
          imported.at(),
          "import must not shadow import " + path,
          "give one of them another name with `as`, or remove it");
    }
  }

  /// Whether built-ins that version 1 has dropped are mistakes.
  boolean forbidsDeprecated() {
    return v1;
  }

  /// Whether rules and variables named `input` or `data` are mistakes. Before version 1 they hide
  /// the documents of these names.
  boolean forbidsShadowing() {
    return v1;
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
    boolean shadowed = !v1 && rules.contains(name);
    if (!shadowed && (name.equals("input") || name.equals("data"))) {
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
