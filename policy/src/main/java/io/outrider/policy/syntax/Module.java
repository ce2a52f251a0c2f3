package io.outrider.policy.syntax;

import io.outrider.policy.value.RegoObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One parsed file.
///
/// @param packagePath the names after `package`
/// @param packageAnnotations the metadata blocks above `package`, outermost scope first
/// @param comments all of them, in order
public record Module(
    Source source,
    List<String> packagePath,
    Span packageAt,
    List<Import> imports,
    List<Rule> rules,
    List<RegoObject> packageAnnotations,
    List<Span> comments) {
  public Module {
    packagePath = List.copyOf(packagePath);
    imports = List.copyOf(imports);
    rules = List.copyOf(rules);
    packageAnnotations = List.copyOf(packageAnnotations);
    comments = List.copyOf(comments);
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
