package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.Iterator;
import java.util.Map;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;

/// Reads the first document of a YAML text. Aliases are expanded within a budget, so that nested
/// ones cannot grow without bound.
final class YamlReader {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_NODES = 100_000;

  /// The tag of plain scalars, which [YamlScalars] resolves.
  private static final Tag PLAIN = new Tag("tag:outrider,plain");

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setSchema(new PlainSchema())
          .setAllowDuplicateKeys(true)
          .setMaxAliasesForCollections(1_000)
          .setUseMarks(true)
          .build();

  /// Tells plain scalars from quoted ones and leaves their meaning open.
  private static final class PlainSchema implements Schema {
    @Override
    public ScalarResolver getScalarResolver() {
      return (value, implicit) -> implicit ? PLAIN : Tag.STR;
    }

    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
      return Map.of();
    }
  }

  private final BuiltinContext cx;
  private int nodes;

  private YamlReader(BuiltinContext cx) {
    this.cx = cx;
  }

  static RegoValue read(BuiltinContext cx, String text) {
    cx.spend(text.length() >> 3);
    try {
      Iterator<Node> documents = new Compose(SETTINGS).composeAllFromString(text).iterator();
      return documents.hasNext() ? new YamlReader(cx).value(documents.next(), 0) : RegoNull.NULL;
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      String problem = String.valueOf(e.getProblem());
      throw Args.error(
          "yaml: line %d: %s"
              .formatted(
                  line, problem.startsWith("expected") ? "did not find " + problem : problem));
    } catch (YamlEngineException e) {
      throw Args.error("yaml: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    } catch (StackOverflowError e) {
      throw Args.error("yaml: nested too deeply");
    }
  }

  private RegoValue value(Node node, int depth) {
    cx.spend(1);
    if (++nodes > MAX_NODES) {
      throw Args.error("yaml: more than " + MAX_NODES + " values");
    }
    if (depth > MAX_DEPTH) {
      throw Args.error("yaml: nested more than " + MAX_DEPTH + " deep");
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar);
      case SequenceNode sequence -> {
        RegoArray.Builder items = RegoArray.builder();
        for (Node item : sequence.getValue()) {
          items.add(value(item, depth + 1));
        }
        yield items.build();
      }
      case MappingNode mapping -> mapping(mapping, depth);
      default -> throw Args.error("yaml: unexpected node " + node.getTag());
    };
  }

  private static RegoValue scalar(ScalarNode node) {
    if (node.getTag().equals(PLAIN)) {
      return YamlScalars.resolve(node.getValue());
    }
    return switch (node.getTag().getValue()) {
      case "tag:yaml.org,2002:int",
          "tag:yaml.org,2002:float",
          "tag:yaml.org,2002:bool",
          "tag:yaml.org,2002:null" ->
          YamlScalars.resolve(node.getValue());
      default -> RegoString.of(node.getValue());
    };
  }

  private RegoObject mapping(MappingNode mapping, int depth) {
    RegoObject.Builder object = RegoObject.builder();
    RegoObject.Builder merged = RegoObject.builder();
    for (NodeTuple tuple : mapping.getValue()) {
      if (isMerge(tuple.getKeyNode())) {
        merge(value(tuple.getValueNode(), depth + 1), merged);
        continue;
      }
      RegoString key = key(value(tuple.getKeyNode(), depth + 1));

      object.put(key, value(tuple.getValueNode(), depth + 1));
    }
    for (RegoObject.Entry entry : merged.build()) {
      if (object.get(entry.key()) == null) {
        object.put(entry.key(), entry.value());
      }
    }
    return object.build();
  }

  private static boolean isMerge(Node key) {
    return key instanceof ScalarNode scalar
        && scalar.getTag().equals(PLAIN)
        && scalar.getValue().equals("<<");
  }

  private static void merge(RegoValue source, RegoObject.Builder into) {
    switch (source) {
      case RegoObject object -> {
        for (RegoObject.Entry entry : object) {
          if (into.get(entry.key()) == null) {
            into.put(entry.key(), entry.value());
          }
        }
      }
      case RegoArray array -> array.forEach(item -> merge(item, into));
      default -> throw Args.error("yaml: map merge requires map or sequence of maps as the value");
    }
  }

  private static RegoString key(RegoValue key) {
    return switch (key) {
      case RegoString s -> s;
      case RegoNumber n -> RegoString.of(n.text());
      case RegoBoolean b -> RegoString.of(b.toString());
      case RegoNull _ -> RegoString.of("null");
      default -> throw Args.error("yaml: unsupported map key of type " + key.typeName());
    };
  }
}
