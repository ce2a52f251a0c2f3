package io.outrider.policy.syntax;

import io.outrider.policy.value.RegoObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One parsed file.
///
/// @param version the version of Rego it is written in
/// @param packagePath the names after `package`
/// @param packageAnnotations the metadata blocks above `package`, outermost scope first
/// @param annotations all metadata blocks, in order
/// @param comments all of them, in order
public record Module(
    Source source,
    RegoVersion version,
    List<String> packagePath,
    Span packageAt,
    List<Import> imports,
    List<Rule> rules,
    List<RegoObject> packageAnnotations,
    List<Annotation> annotations,
    List<Span> comments) {
  public Module {
    packagePath = List.copyOf(packagePath);
    imports = List.copyOf(imports);
    rules = List.copyOf(rules);
    packageAnnotations = List.copyOf(packageAnnotations);
    annotations = List.copyOf(annotations);
    comments = List.copyOf(comments);
  }

  Module annotated(
      List<Rule> newRules, List<RegoObject> ofPackage, List<Annotation> newAnnotations) {
    return new Module(
        source,
        version,
        packagePath,
        packageAt,
        imports,
        newRules,
        ofPackage,
        newAnnotations,
        comments);
  }

  /// `import root.path as alias`.
  ///
  /// @param path root included: `[data, users, admins]`
  /// @param alias null where none is written
  public record Import(List<String> path, Term.@Nullable Var alias, Span at) {
    public Import {
      path = List.copyOf(path);
    }

    /// The name by which the module speaks of it.
    public String name() {
      return alias != null ? alias.name() : path.getLast();
    }
  }
}
