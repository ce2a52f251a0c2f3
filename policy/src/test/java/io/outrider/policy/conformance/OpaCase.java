package io.outrider.policy.conformance;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One case of OPA's evaluation suite.
///
/// @param id folder, file and number, unique where notes are not
record OpaCase(
    String id,
    String note,
    String query,
    List<String> modules,
    RegoObject data,
    @Nullable RegoValue input,
    @Nullable String inputTerm,
    @Nullable RegoArray wantResult,
    boolean sortBindings,
    @Nullable String wantErrorCode,
    @Nullable String wantError,
    boolean strictError,
    boolean ignoreGeneratedVars) {

  /// All cases below a folder, by file name.
  static List<OpaCase> below(Path folder) throws IOException {
    List<OpaCase> cases = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.filter(p -> p.toString().endsWith(".yaml")).sorted().toList()) {
        cases.addAll(read(folder, file));
      }
    }
    return cases;
  }

  private static List<OpaCase> read(Path folder, Path file) throws IOException {
    LoadSettings settings =
        LoadSettings.builder()
            .setCodePointLimit(64 * 1024 * 1024)
            .setAllowDuplicateKeys(true)
            .build();
    Node root = new Compose(settings).composeString(Files.readString(file)).orElseThrow();
    String name = folder.relativize(file).toString();
    List<OpaCase> cases = new ArrayList<>();
    if (value(root) instanceof RegoObject o && o.get("cases") instanceof RegoArray list) {
      for (RegoValue item : list) {
        cases.add(of(name + "#" + cases.size(), (RegoObject) item));
      }
    }
    return cases;
  }

  private static OpaCase of(String id, RegoObject c) {
    List<String> modules = new ArrayList<>();
    if (c.get("modules") instanceof RegoArray list) {
      list.forEach(m -> modules.add(((RegoString) m).value()));
    }
    return new OpaCase(
        id,
        text(c, "note"),
        text(c, "query"),
        modules,
        c.get("data") instanceof RegoObject o ? o : RegoObject.EMPTY,
        c.get("input"),
        c.get("input_term") instanceof RegoString s ? s.value() : null,
        c.get("want_result") instanceof RegoArray a ? a : null,
        c.get("sort_bindings") == RegoBoolean.TRUE,
        c.get("want_error_code") instanceof RegoString s ? s.value() : null,
        c.get("want_error") instanceof RegoString s ? s.value() : null,
        c.get("strict_error") == RegoBoolean.TRUE,
        c.get("ignore_generated_vars") == RegoBoolean.TRUE);
  }

  private static String text(RegoObject c, String key) {
    return c.get(key) instanceof RegoString s ? s.value() : "";
  }

  /// YAML as JSON values, with numbers as they are written.
  private static RegoValue value(Node node) {
    return switch (node) {
      case MappingNode map -> {
        RegoObject.Builder object = RegoObject.builder(map.getValue().size());
        for (NodeTuple tuple : map.getValue()) {
          object.put(((ScalarNode) tuple.getKeyNode()).getValue(), value(tuple.getValueNode()));
        }
        yield object.build();
      }
      case SequenceNode sequence -> {
        List<RegoValue> items = new ArrayList<>();
        sequence.getValue().forEach(item -> items.add(value(item)));
        yield RegoArray.of(items);
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> throw new IllegalArgumentException("node: " + node.getNodeType());
    };
  }

  private static RegoValue scalar(ScalarNode scalar) {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return RegoNull.NULL;
    }
    if (tag.equals(Tag.BOOL)) {
      return RegoBoolean.of(Boolean.parseBoolean(text));
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return RegoNumber.parse(text);
    }
    return RegoString.of(text);
  }
}
