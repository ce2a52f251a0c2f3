package io.outrider.app.config;

import io.outrider.app.config.ConfigProblem.Position;
import io.outrider.app.config.Shape.Context;
import io.outrider.redaction.RedactionOptions;
import io.outrider.redaction.Redactor;
import io.outrider.redaction.RuleSet;
import io.outrider.settings.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads YAML nodes into the shapes of the table, and collects every problem on the way. One reader
/// reads one file.
///
/// It works on nodes rather than on loaded objects because only nodes know their place, keep
/// duplicate keys, and keep `08` and `no` as written.
final class YamlReader {
  private final String file;
  private final References references;
  private final Context context;
  private final List<ConfigProblem> problems = new ArrayList<>();

  YamlReader(String file, References references, Context context) {
    this.file = file;
    this.references = references;
    this.context = context;
  }

  List<ConfigProblem> problems() {
    return problems;
  }

  void problem(Position at, String path, String found, String expected) {
    problems.add(new ConfigProblem(at, path, told(found), expected));
  }

  /// The record, or a problem in the words of the record that refused.
  <T> Optional<T> attempt(Position at, String path, Supplier<T> record) {
    try {
      return Optional.of(record.get());
    } catch (IllegalArgumentException e) {
      problems.add(ConfigProblem.ofMessage(at, path, told(String.valueOf(e.getMessage()))));
      return Optional.empty();
    }
  }

  /// What may be told of what stands in the file: credentials stand in the wrong place at times.
  private String told(String found) {
    return Redaction.RULES.recordText(references.concealed(found));
  }

  /// Made when the first problem is told.
  private static final class Redaction {
    static final Redactor RULES = Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());
  }

  /// The value of a key that must stand.
  <T> Optional<T> required(Section section, Key<T> key) {
    Optional<T> value = section.find(key);
    if (value.isEmpty() && !section.has(key) && !section.broken()) {
      problem(section.at(), join(section.path(), key.name()), "missing", key.shape().expected());
    }
    return value;
  }

  /// The file as keys of the table. Absent only if it is not one YAML mapping.
  Optional<Section> read(String yaml) {
    Position start = new Position(file, 1, 1);
    List<Node> documents = new ArrayList<>();
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setLabel(file)
              .setAllowDuplicateKeys(true)
              .setMaxAliasesForCollections(20)
              .build();
      new Compose(settings).composeAllFromString(yaml).forEach(documents::add);
    } catch (MarkedYamlEngineException e) {
      problem(
          e.getProblemMark().map(this::position).orElse(start),
          "",
          "not YAML: " + e.getProblem(),
          "");
      return Optional.empty();
    } catch (YamlEngineException e) {
      problem(start, "", "not YAML: " + e.getMessage(), "");
      return Optional.empty();
    }
    if (documents.size() > 1) {
      problem(position(documents.get(1)), "", "a second document after '---'", "one document");
      return Optional.empty();
    }
    if (documents.isEmpty() || isNull(documents.getFirst())) {
      return Optional.of(Section.empty("", start));
    }
    return group(ConfigTable.ROOT, documents.getFirst(), "");
  }

  /// The value at a node, or nothing when there is none worth having; then a problem was noted.
  private <T> Optional<T> value(Shape<T> shape, Node node, String path) {
    return switch (shape) {
      case Shape.Scalar<T> scalar -> scalar(scalar, node, path);
      case Shape.Listing<?> listing -> cast(listing(listing, node, path));
      case Shape.Named<?> named -> cast(named(named, node, path));
      case Shape.Credentials credentials -> cast(credentials(credentials, node, path));
      case Shape.Credential ignored ->
          cast(secret(node, path, true, path.substring(path.lastIndexOf('.') + 1)));
      case Shape.Group group -> cast(group(group, node, path));
    };
  }

  /// The compiler does not carry `T = List<E>` from a record pattern to the result.
  @SuppressWarnings("unchecked")
  private static <T> Optional<T> cast(Optional<?> value) {
    return (Optional<T>) value;
  }

  private Optional<Section> group(Shape.Group group, Node node, String path) {
    List<NodeTuple> tuples = tuples(node, path, group.expected());
    if (tuples == null) {
      return Optional.empty();
    }
    int before = problems.size();
    Map<String, Key<?>> known = new LinkedHashMap<>();
    group.keys().forEach(key -> known.put(key.name(), key));
    Map<Key<?>, Object> values = new HashMap<>();
    Map<Key<?>, Position> positions = new HashMap<>();
    Names names = new Names(path);
    for (NodeTuple tuple : tuples) {
      String name = names.next(tuple);
      if (name == null) {
        continue;
      }
      Key<?> key = known.get(name);
      if (key == null) {
        String meant =
            Nearest.to(name, known.keySet()).map(near -> "'" + near + "'?").orElse("one of");
        problem(
            position(tuple.getKeyNode()),
            join(path, name),
            "unknown key",
            meant + " known here: " + String.join(", ", known.keySet()));
        continue;
      }
      if (isNull(tuple.getValueNode())) {
        if (!(key.shape() instanceof Shape.Group)) {
          problem(
              position(tuple.getValueNode()), join(path, name), "nothing", key.shape().expected());
        }
        continue;
      }
      positions.put(key, position(tuple.getValueNode()));
      value(key.shape(), tuple.getValueNode(), join(path, name))
          .ifPresent(value -> values.put(key, value));
    }
    return Optional.of(
        new Section(path, position(node), values, positions, problems.size() > before));
  }

  private <T> Optional<Map<String, T>> named(Shape.Named<T> named, Node node, String path) {
    List<NodeTuple> tuples = tuples(node, path, named.expected());
    if (tuples == null) {
      return Optional.empty();
    }
    Map<String, T> values = new LinkedHashMap<>();
    Names names = new Names(path);
    for (NodeTuple tuple : tuples) {
      String name = names.next(tuple);
      if (name != null) {
        value(named.value(), tuple.getValueNode(), join(path, name))
            .ifPresent(value -> values.put(name, value));
      }
    }
    return Optional.of(values);
  }

  private <E> Optional<List<E>> listing(Shape.Listing<E> listing, Node node, String path) {
    if (node instanceof SequenceNode sequence) {
      List<E> values = new ArrayList<>();
      for (Node element : sequence.getValue()) {
        value(listing.element(), element, path + "[" + values.size() + "]").ifPresent(values::add);
      }
      return Optional.of(values);
    }
    if (listing.loose() && node instanceof ScalarNode) {
      return value(listing.element(), node, path).map(List::of);
    }
    problem(position(node), path, describe(node), listing.expected());
    return Optional.empty();
  }

  private <T> Optional<T> scalar(Shape.Scalar<T> scalar, Node node, String path) {
    if (!(node instanceof ScalarNode text) || isNull(node)) {
      problem(position(node), path, describe(node), scalar.expected());
      return Optional.empty();
    }
    try {
      return Optional.of(scalar.parser().parse(references.resolve(text.getValue()), context));
    } catch (References.Unresolved e) {
      problem(position(node), path, e.found, e.expected);
    } catch (IllegalArgumentException e) {
      // The text as written: what a reference stands for may be a credential in the wrong place.
      problem(position(node), path, "'" + text.getValue() + "'", scalar.expected());
    }
    return Optional.empty();
  }

  private Optional<Map<String, Secret>> credentials(
      Shape.Credentials shape, Node node, String path) {
    if (node instanceof ScalarNode text && !isNull(node)) {
      // A header in one piece, or a credential without its name: not to be told again.
      problem(
          position(node),
          path,
          "a text of %d characters".formatted(text.getValue().length()),
          shape.expected());
      return Optional.empty();
    }
    List<NodeTuple> tuples = tuples(node, path, shape.expected());
    if (tuples == null) {
      return Optional.empty();
    }
    Map<String, Secret> values = new LinkedHashMap<>();
    Names names = new Names(path);
    for (NodeTuple tuple : tuples) {
      String name = names.next(tuple);
      if (name != null) {
        credential(shape.kind(), name, tuple, join(path, name))
            .ifPresent(secret -> values.put(name, secret));
      }
    }
    return Optional.of(values);
  }

  private Optional<Secret> credential(
      Shape.CredentialKind kind, String name, NodeTuple tuple, String path) {
    Node node = tuple.getValueNode();
    if (!CredentialNames.wellFormed(kind, name)) {
      // The name is not told: it may be a name and its credential, without a space between them.
      problem(
          position(tuple.getKeyNode()),
          path.substring(0, path.length() - Math.min(path.length(), name.length() + 1)),
          "a name that is not well-formed (%d characters)".formatted(name.length()),
          kind.what);
      return Optional.empty();
    }
    if (CredentialNames.outridersOwn(kind, name)) {
      problem(
          position(tuple.getKeyNode()),
          path,
          "a " + kind.one + " Outrider sets itself",
          "another " + kind.one);
      return Optional.empty();
    }
    return secret(node, path, CredentialNames.credential(kind, name), name);
  }

  /// @param byReference whether the text must not stand in the file itself
  private Optional<Secret> secret(Node node, String path, boolean byReference, String name) {
    if (!(node instanceof ScalarNode text) || isNull(node)) {
      problem(position(node), path, describe(node), "a reference such as ${env:NAME}");
      return Optional.empty();
    }
    String raw = text.getValue();
    if (byReference && !References.in(raw)) {
      problem(
          position(node),
          path,
          "a credential in the clear (%d characters)".formatted(raw.length()),
          howToWrite(name));
      return Optional.empty();
    }
    try {
      String value = references.resolve(raw);
      if (value.isEmpty() || value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
        problem(
            position(node),
            path,
            value.isEmpty() ? "empty text" : "a control character in the value",
            "one line of text");
        return Optional.empty();
      }
      return Optional.of(Secret.of(value));
    } catch (References.Unresolved e) {
      problem(position(node), path, e.found, e.expected);
      return Optional.empty();
    }
  }

  private static String howToWrite(String name) {
    String variable = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
    return name.equalsIgnoreCase("authorization")
        ? "a reference: \"Bearer ${env:TOKEN}\" or \"Bearer ${file:/run/secrets/token}\""
        : "a reference: \"${env:%s}\" or \"${file:/run/secrets/%s}\""
            .formatted(variable, variable.toLowerCase(Locale.ROOT));
  }

  private @Nullable List<NodeTuple> tuples(Node node, String path, String expected) {
    if (node instanceof MappingNode mapping) {
      return mapping.getValue();
    }
    if (isNull(node)) {
      return List.of();
    }
    problem(position(node), path, describe(node), expected);
    return null;
  }

  /// What stands at a node, short enough for a message.
  private static String describe(Node node) {
    return switch (node) {
      case ScalarNode scalar when isNull(scalar) -> "nothing";
      case ScalarNode scalar -> "'" + shortened(scalar.getValue()) + "'";
      case SequenceNode sequence -> "a list of " + sequence.getValue().size();
      case MappingNode ignored -> "keys and values";
      default -> "a " + node.getNodeType();
    };
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }

  private Position position(Node node) {
    return node.getStartMark().map(this::position).orElseGet(() -> new Position(file, 1, 1));
  }

  private Position position(Mark mark) {
    return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /// The names of one mapping, each allowed once.
  private final class Names {
    private final String path;
    private final Set<String> seen = new HashSet<>();

    Names(String path) {
      this.path = path;
    }

    @Nullable String next(NodeTuple tuple) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problem(
            position(tuple.getKeyNode()), path, describe(tuple.getKeyNode()) + " as a key", "text");
        return null;
      }
      if (!seen.add(key.getValue())) {
        problem(position(key), join(path, key.getValue()), "the key stands twice", "once");
        return null;
      }
      return key.getValue();
    }
  }
}
