package io.outrider.policy.syntax;

import io.outrider.policy.syntax.Annotation.Scope;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.DuplicateKeyException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// Finds `# METADATA` blocks and gives each to the statement below it.
final class Annotations {
  private static final String MARK = "METADATA";

  private Annotations() {}

  /// A block that could be read.
  ///
  /// @param at its first line
  record Block(Span at, RegoObject value) {}

  /// The blocks among the comments; `problems` hears of those that cannot be read.
  static List<Block> blocks(List<Span> comments, Consumer<Diagnostic> problems) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < comments.size(); i++) {
      Span first = comments.get(i);
      if (!begins(first)) {
        continue;
      }
      List<Span> lines = new ArrayList<>();
      while (i + 1 < comments.size() && continues(comments.get(i), comments.get(i + 1))) {
        lines.add(comments.get(++i));
      }
      RegoObject value = read(first, lines, problems);
      if (value != null) {
        blocks.add(new Block(first, value));
      }
    }
    return blocks;
  }

  private static boolean begins(Span comment) {
    return comment.col() == 1 && text(comment).strip().startsWith(MARK);
  }

  private static boolean continues(Span line, Span next) {
    return next.col() == 1 && next.row() == line.row() + 1 && !begins(next);
  }

  private static String text(Span comment) {
    return comment.text().substring(1);
  }

  private static @Nullable RegoObject read(
      Span first, List<Span> lines, Consumer<Diagnostic> problems) {
    StringBuilder yaml = new StringBuilder();
    for (Span line : lines) {
      String text = text(line);
      yaml.append(text.startsWith(" ") ? text.substring(1) : text).append('\n');
    }
    if (yaml.toString().isBlank()) {
      problems.accept(
          Diagnostic.error(
              Diagnostic.PARSE,
              first,
              "expected METADATA block, found whitespace",
              "write what the block says below it, as YAML in comments"));
      return null;
    }
    try {
      return AnnotationReader.read(YamlText.read(yaml.toString()));
    } catch (AnnotationReader.Misplaced e) {
      Span at = e.key() == null ? first : lineOf(e.key(), lines, first);
      problems.accept(Diagnostic.error(Diagnostic.PARSE, at, message(e), null));
    } catch (IllegalArgumentException e) {
      problems.accept(
          Diagnostic.error(
              Diagnostic.PARSE,
              lineOf(e, lines, first),
              "yaml: " + message(e),
              "what follows # METADATA must be YAML; a blank line ends it"));
    }
    return null;
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /// The line that OPA names for a key whose value is of the wrong kind: the one after it.
  private static Span lineOf(String key, List<Span> lines, Span first) {
    for (int i = 0; i < lines.size(); i++) {
      if (text(lines.get(i)).strip().startsWith(key + ":")) {
        return lines.get(Math.min(i + 1, lines.size() - 1));
      }
    }
    return lines.isEmpty() ? first : lines.getFirst();
  }

  private static Span lineOf(IllegalArgumentException e, List<Span> lines, Span first) {
    if (lines.isEmpty()) {
      return first;
    }
    if (!(e.getCause() instanceof MarkedYamlEngineException marked)) {
      return lines.getFirst();
    }
    Optional<Mark> mark = marked.getProblemMark().or(marked::getContextMark);
    int line = mark.map(Mark::getLine).orElse(0);
    // Go's reader counts from one for keys that come twice and from zero for text that is no YAML,
    // and OPA takes both for places in the list of comments.
    boolean twice = e.getCause() instanceof DuplicateKeyException;
    return lines.get(Math.min(Math.max(line, 0) + (twice ? 1 : 0), lines.size() - 1));
  }

  /// The module with each block at the statement below it; `problems` hears of those that say they
  /// belong elsewhere.
  static Module attach(Module module, List<Block> blocks, Consumer<Diagnostic> problems) {
    if (blocks.isEmpty()) {
      return module;
    }
    List<Statement> statements = statements(module);
    List<Annotation> found = new ArrayList<>();
    for (Block block : blocks) {
      Statement below = null;
      for (Statement statement : statements) {
        if (statement.row() > block.at().row()) {
          below = statement;
          break;
        }
      }
      Annotation annotation = annotation(block, below, problems);
      if (annotation != null) {
        found.add(annotation);
      }
    }
    Map<Integer, List<RegoObject>> byRule = new HashMap<>();
    List<RegoObject> ofPackage = new ArrayList<>();
    for (Annotation annotation : found) {
      if (annotation.rule() < 0) {
        ofPackage.add(annotation.value());
      } else {
        byRule.computeIfAbsent(annotation.rule(), k -> new ArrayList<>()).add(annotation.value());
      }
    }
    List<Rule> rules = new ArrayList<>(module.rules());
    byRule.forEach((i, values) -> rules.set(i, rules.get(i).withAnnotations(values)));
    return module.annotated(rules, ofPackage, found);
  }

  private enum Kind {
    PACKAGE,
    IMPORT,
    RULE
  }

  private record Statement(Kind kind, int rule, int row) {}

  private static List<Statement> statements(Module module) {
    List<Statement> all = new ArrayList<>();
    all.add(new Statement(Kind.PACKAGE, -1, module.packageAt().row()));
    module.imports().forEach(i -> all.add(new Statement(Kind.IMPORT, -1, i.at().row())));
    for (int i = 0; i < module.rules().size(); i++) {
      all.add(new Statement(Kind.RULE, i, module.rules().get(i).at().row()));
    }
    all.sort(Comparator.comparingInt(Statement::row));
    return all;
  }

  private static @Nullable Annotation annotation(
      Block block, @Nullable Statement below, Consumer<Diagnostic> problems) {
    RegoObject value = block.value();
    boolean entrypoint = value.get("entrypoint") == RegoBoolean.TRUE;
    String given = value.get("scope") instanceof RegoString s ? s.value() : "";
    String name = given;
    if (name.isEmpty() && below != null) {
      name =
          switch (below.kind()) {
            case RULE -> entrypoint ? "document" : "rule";
            case PACKAGE -> "package";
            case IMPORT -> "import";
          };
    }
    Scope scope = scope(name);
    String problem = null;
    if (scope == null) {
      problem =
          "invalid annotation scope '"
              + name
              + "'. Use one of 'rule', 'document', 'package', or 'subpackages'";
    } else {
      boolean ofRule = scope == Scope.RULE || scope == Scope.DOCUMENT;
      Kind wanted = ofRule ? Kind.RULE : Kind.PACKAGE;
      if (below == null || below.kind() != wanted) {
        problem =
            "annotation scope '" + name + "' must be applied to " + (ofRule ? "rule" : "package");
      }
    }
    if (problem != null) {
      problems.accept(Diagnostic.error(Diagnostic.PARSE, block.at(), problem, null));
    }
    if (entrypoint && scope != Scope.DOCUMENT && scope != Scope.PACKAGE) {
      problem = "annotation entrypoint applied to non-document or package scope '" + name + "'";
      problems.accept(Diagnostic.error(Diagnostic.PARSE, block.at(), problem, null));
    }
    if (problem != null || scope == null || below == null) {
      return null;
    }
    RegoValue text = RegoString.of(scope.text());
    return new Annotation(
        scope, value.with(RegoString.of("scope"), text), below.rule(), block.at());
  }

  private static @Nullable Scope scope(String name) {
    return Arrays.stream(Scope.values())
        .filter(s -> s.text().equals(name))
        .findFirst()
        .orElse(null);
  }
}
