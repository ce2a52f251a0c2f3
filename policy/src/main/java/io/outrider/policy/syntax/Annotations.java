package io.outrider.policy.syntax;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Finds `# METADATA` blocks and gives each to the statement below it.
final class Annotations {
  private static final String MARK = "METADATA";
  private static final Set<String> SCOPES = Set.of("rule", "document", "package", "subpackages");

  private Annotations() {}

  private record Block(Span at, int lastRow, RegoObject value) {}

  static Module attach(Module module, Consumer<Diagnostic> problems) {
    List<Block> blocks = blocks(module.comments(), problems);
    if (blocks.isEmpty()) {
      return module;
    }
    Map<Integer, List<RegoObject>> byRule = new HashMap<>();
    List<RegoObject> ofPackage = new ArrayList<>();
    for (Block block : blocks) {
      int start = block.at().start();
      if (start < module.packageAt().start()) {
        ofPackage.add(withScope(block, "package"));
        continue;
      }
      for (int i = 0; i < module.rules().size(); i++) {
        Rule rule = module.rules().get(i);
        if (rule.at().start() > start) {
          boolean entry = block.value().get("entrypoint") == RegoBoolean.TRUE;
          byRule
              .computeIfAbsent(i, k -> new ArrayList<>())
              .add(withScope(block, entry ? "document" : "rule"));
          break;
        }
      }
    }
    List<Rule> rules = new ArrayList<>(module.rules());
    byRule.forEach((i, values) -> rules.set(i, rules.get(i).withAnnotations(values)));
    return new Module(
        module.source(),
        module.packagePath(),
        module.packageAt(),
        module.imports(),
        rules,
        ofPackage,
        module.comments());
  }

  private static RegoObject withScope(Block block, String scope) {
    return block.value().get("scope") != null
        ? block.value()
        : block.value().with(RegoString.of("scope"), RegoString.of(scope));
  }

  private static List<Block> blocks(List<Span> comments, Consumer<Diagnostic> problems) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < comments.size(); i++) {
      Span first = comments.get(i);
      if (!text(first).strip().equals(MARK) || !first.line().stripLeading().startsWith("#")) {
        continue;
      }
      StringBuilder yaml = new StringBuilder();
      int row = first.row();
      while (i + 1 < comments.size()
          && comments.get(i + 1).row() == row + 1
          && !text(comments.get(i + 1)).strip().equals(MARK)) {
        i++;
        row++;
        yaml.append(text(comments.get(i))).append('\n');
      }
      try {
        RegoValue value = YamlText.read(yaml.toString());
        if (!(value instanceof RegoObject object)) {
          problems.accept(
              Diagnostic.error(
                  Diagnostic.PARSE, first, "expected METADATA block, found whitespace", null));
          continue;
        }
        if (object.get("scope") instanceof RegoString s && !SCOPES.contains(s.value())) {
          problems.accept(
              Diagnostic.error(
                  Diagnostic.PARSE,
                  first,
                  "invalid scope \""
                      + s.value()
                      + "\" (expected: "
                      + String.join(", ", sorted())
                      + ")",
                  null));
          continue;
        }
        blocks.add(new Block(first, row, normalised(object)));
      } catch (IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        problems.accept(
            Diagnostic.error(Diagnostic.PARSE, first, "METADATA is not YAML: " + message, null));
      }
    }
    return blocks;
  }

  private static List<String> sorted() {
    return SCOPES.stream().sorted().toList();
  }

  private static String text(Span comment) {
    return comment.text().substring(1);
  }

  /// The short forms (`authors: ["Ann <ann@example.com>"]`, a resource as a bare address) written
  /// out.
  private static RegoObject normalised(RegoObject block) {
    RegoObject.Builder out = RegoObject.builder(block.size());
    for (RegoObject.Entry entry : block) {
      RegoValue value = entry.value();
      String key = entry.key() instanceof RegoString s ? s.value() : "";
      if (key.equals("authors") && value instanceof RegoArray list) {
        value = each(list, Annotations::author);
      } else if (key.equals("related_resources") && value instanceof RegoArray list) {
        value = each(list, Annotations::resource);
      } else if (key.equals("schemas") && value instanceof RegoArray list) {
        value = each(list, Annotations::schema);
      }
      out.put(entry.key(), value);
    }
    return out.build();
  }

  private static RegoArray each(
      RegoArray list, java.util.function.Function<RegoValue, RegoValue> change) {
    List<RegoValue> out = new ArrayList<>();
    list.forEach(item -> out.add(change.apply(item)));
    return RegoArray.of(out);
  }

  private static RegoValue author(RegoValue value) {
    if (!(value instanceof RegoString s)) {
      return value;
    }
    String text = s.value().strip();
    int open = text.lastIndexOf('<');
    if (open >= 0 && text.endsWith(">")) {
      RegoObject.Builder out = RegoObject.builder(2);
      String name = text.substring(0, open).strip();
      if (!name.isEmpty()) {
        out.put("name", name);
      }
      return out.put("email", text.substring(open + 1, text.length() - 1)).build();
    }
    return RegoObject.builder(1).put("name", text).build();
  }

  private static RegoValue resource(RegoValue value) {
    return value instanceof RegoString s
        ? RegoObject.builder(1).put("ref", s.value()).build()
        : value;
  }

  private static RegoValue schema(RegoValue value) {
    if (value instanceof RegoObject o && o.size() == 1 && o.keyAt(0) instanceof RegoString path) {
      List<RegoValue> names = new ArrayList<>();
      for (String name : path.value().split("\\.")) {
        names.add(RegoString.of(name));
      }
      RegoObject.Builder out = RegoObject.builder(2).put("path", RegoArray.of(names));
      if (o.valueAt(0) instanceof RegoString ref) {
        List<RegoValue> parts = new ArrayList<>();
        for (String name : ref.value().split("\\.")) {
          parts.add(RegoString.of(name));
        }
        out.put("schema", RegoArray.of(parts));
      } else {
        out.put("definition", o.valueAt(0));
      }
      return out.build();
    }
    return value;
  }
}
