package io.outrider.policy.compile;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.builtin.Capabilities;
import io.outrider.policy.syntax.Annotation;
import io.outrider.policy.syntax.Body;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Module.Import;
import io.outrider.policy.syntax.RegoVersion;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.value.Type;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Modules to a [Program], queries to a [Query].
///
/// The stages: place the rules, find conflicts, resolve names, order bodies, look for recursion.
/// Like OPA's compiler, it shows the mistakes of the first stage that finds any that matter, see
/// [Stage].
public final class Compiler {
  private final Builtins builtins;
  private final boolean prints;
  private final boolean strict;
  private final @Nullable Type input;
  private final Problems problems = new Problems();

  /// @param prints whether `print` calls are kept; otherwise they cost nothing
  /// @param strict whether unused imports, variables and arguments are errors
  public Compiler(Builtins builtins, boolean prints, boolean strict) {
    this(builtins, prints, strict, null);
  }

  /// @param input what `input` is known to be, or null
  public Compiler(Builtins builtins, boolean prints, boolean strict, @Nullable Type input) {
    this.builtins = builtins;
    this.prints = prints;
    this.strict = strict;
    this.input = input;
  }

  /// What was found wrong so far, by place.
  public List<Diagnostic> problems() {
    return problems.all();
  }

  /// The program; of use only while [#problems] is empty.
  public Program compile(List<Module> modules) {
    RuleTree tree = new RuleTree(problems);
    checkAnnotations(modules);
    Map<List<String>, Set<String>> packages = packages(modules);
    modules.forEach(this::checkNames);
    tree.build(modules);
    Context cx = new Context(tree, builtins, new Metadata(modules), prints, strict, problems);
    // By identity: the hash of a module is that of its whole tree.
    Map<Module, Names> names = new IdentityHashMap<>();
    for (Module module : modules) {
      Set<String> rules = packages.getOrDefault(module.packagePath(), Set.of());
      names.put(module, Names.of(module, rules, strict, problems));
    }
    List<RuleResolver> resolvers = new ArrayList<>();
    for (RuleDef def : tree.defs()) {
      Names of = names.get(def.module());
      if (of != null) {
        RuleResolver resolver = new RuleResolver(cx, of, def);
        resolver.resolve();
        resolvers.add(resolver);
      }
    }
    Safety safety = new Safety(cx);
    resolvers.forEach(r -> r.makeSafe(safety));
    Recursion graph = new Recursion(tree);
    graph.check(problems);
    TypeChecker types = new TypeChecker(tree, graph, cx.metadata(), input, problems);
    if (!problems.stopsBefore(Stage.TYPES)) {
      types.checkRules();
    }
    if (strict) {
      resolvers.forEach(r -> r.checkUnusedArguments(problems));
      names.values().forEach(n -> n.unusedImports().forEach(this::unusedImport));
    }
    return new Program(tree, cx, graph, types, packages);
  }

  private void unusedImport(Import imported) {
    problems.compile(
        Stage.UNUSED_IMPORTS, imported.at(), imported.at().text() + " unused", "remove the import");
  }

  /// Of a document and of a package there is one description.
  private void checkAnnotations(List<Module> modules) {
    Map<String, Annotation> seen = new HashMap<>();
    for (Module module : modules) {
      String path = String.join(".", module.packagePath());
      for (Annotation annotation : module.annotations()) {
        String about =
            switch (annotation.scope()) {
              case RULE -> "";
              case PACKAGE -> "package " + path;
              case SUBPACKAGES -> path;
              case DOCUMENT ->
                  path + "." + module.rules().get(annotation.rule()).head().groundName();
            };
        Annotation before = about.isEmpty() ? null : seen.putIfAbsent(about, annotation);
        if (before != null) {
          problems.type(
              Stage.METADATA,
              annotation.at(),
              annotation.scope().text() + " annotation redeclared: " + before.at(),
              "merge the two blocks");
        }
      }
    }
  }

  private static Map<List<String>, Set<String>> packages(List<Module> modules) {
    Map<List<String>, Set<String>> packages = new HashMap<>();
    for (Module module : modules) {
      Set<String> rules = packages.computeIfAbsent(module.packagePath(), k -> new HashSet<>());
      module.rules().forEach(rule -> rules.add(rule.head().name().name()));
    }
    return packages;
  }

  private void checkNames(Module module) {
    for (Rule rule : module.rules()) {
      String name = rule.head().name().name();
      boolean bareCall =
          rule.head().args() != null && rule.head().value() == null && rule.body() == null;
      if (bareCall && Capabilities.signatures().containsKey(rule.head().called())) {
        problems.add(
            Stage.STATEMENTS,
            Diagnostic.error(
                Diagnostic.PARSE,
                rule.at(),
                "rule name conflicts with built-in function",
                "choose another name, or give the function a body or a value"));
      }
      boolean forbidden = strict || module.version() != RegoVersion.V0;
      if (forbidden && (name.equals("input") || name.equals("data"))) {
        problems.compile(
            Stage.RESERVED_NAMES,
            rule.head().at(),
            "rules must not shadow " + name + " (use a different rule name)",
            null);
      }
    }
  }

  /// A compiler with the same settings and no problems yet, for a query.
  public Compiler forQueries() {
    return new Compiler(builtins, prints, false, input);
  }

  /// A query over the program, in the root package.
  public Query query(Program program, Body body) {
    return query(program, body, List.of(), List.of());
  }

  /// A query over the program.
  ///
  /// @param packagePath the package whose rules it may name without a path
  public Query query(Program program, Body body, List<String> packagePath, List<Import> imports) {
    Context base = program.context();
    Context cx = new Context(base.tree(), builtins, base.metadata(), prints, false, problems);
    Module module =
        new Module(
            body.at().source(),
            RegoVersion.V1,
            packagePath,
            body.at(),
            imports,
            List.of(),
            List.of(),
            List.of(),
            List.of());
    Names names = Names.of(module, program.rulesOf(packagePath), false, problems);
    Resolver resolver = new Resolver(cx, names, null);
    Scope.Frame frame = new Scope.Frame();
    Scope scope = resolver.scope(null, frame, body);
    IrBody resolved = new IrBody(resolver.exprs(body, scope), body.at());
    new Safety(cx).order(resolved, new BitSet());
    if (!problems.stopsBefore(Stage.TYPES)) {
      program.types().checkQuery(resolved, problems);
    }
    List<LocalVar> vars = new ArrayList<>();
    scope.declaredVars().forEach(vars::add);
    scope.implicitVars().values().stream().filter(v -> !v.isWildcard()).forEach(vars::add);
    return new Query(body, resolved, vars, frame.size());
  }
}
