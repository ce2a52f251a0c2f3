package io.outrider.policy.syntax;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// YAML text as a Rego value: for metadata blocks and for data documents.
public final class YamlText {
  /// More aliases than this in one document is a bomb, not a document.
  private static final int MAX_ALIASES = 50;

  private YamlText() {}

  /// The one document in `text`; null for an empty one. Throws [IllegalArgumentException] for text
  /// that is no YAML.
  public static RegoValue read(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .build();
    try {
      return convert(new Load(settings).loadFromString(text));
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }

  private static RegoValue convert(@org.jspecify.annotations.Nullable Object value) {
    return switch (value) {
      case null -> RegoNull.NULL;
      case Boolean b -> RegoBoolean.of(b);
      case Integer i -> RegoNumber.of(i);
      case Long l -> RegoNumber.of(l);
      case BigInteger b -> RegoNumber.of(b);
      case Double d -> {
        if (d.isNaN() || d.isInfinite()) {
          throw new IllegalArgumentException("number: " + d + " (expected: a finite number)");
        }
        yield RegoNumber.parse(d.toString());
      }
      case String s -> RegoString.of(s);
      case List<?> list -> {
        List<RegoValue> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(convert(item)));
        yield RegoArray.of(items);
      }
      case Map<?, ?> map -> {
        RegoObject.Builder object = RegoObject.builder(map.size());
        map.forEach((k, v) -> object.put(RegoString.of(String.valueOf(k)), convert(v)));
        yield object.build();
      }
      default -> RegoString.of(String.valueOf(value));
    };
  }
}
