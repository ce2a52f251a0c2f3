package io.outrider.policy.reference;

import io.outrider.policy.compile.DocNode;
import io.outrider.policy.compile.IrTerm.Callee;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an expression can see: `input`, base data, and what the `with`s around it have replaced.
///
/// @param hidden places of the rule tree that lie behind replaced data
/// @param mocks replaced functions, by name
/// @param known documents that were worked out in this world; only so that a test ends in time
record World(
    @Nullable RegoValue input,
    RegoObject data,
    Set<DocNode> hidden,
    Map<String, Mock> mocks,
    Map<RuleSet, Optional<RegoValue>> known) {

  /// Another function, or a value.
  record Mock(@Nullable Callee function, @Nullable RegoValue value) {}

  static World of(@Nullable RegoValue input, RegoObject data) {
    return new World(input, data, Set.of(), Map.of(), new HashMap<>());
  }

  World withInput(List<RegoValue> path, RegoValue value) {
    return new World(put(input, path, value), data, hidden, mocks, new HashMap<>());
  }

  World withData(DocNode root, List<RegoValue> path, RegoValue value) {
    RegoObject replaced = put(data, path, value) instanceof RegoObject o ? o : RegoObject.EMPTY;
    Set<DocNode> more = new HashSet<>(hidden);
    DocNode place = root;
    for (RegoValue key : path) {
      place = place == null ? null : place.child(key);
    }
    if (place != null) {
      hide(place, more);
    }
    return new World(input, replaced, more, mocks, new HashMap<>());
  }

  private static void hide(DocNode place, Set<DocNode> hidden) {
    hidden.add(place);
    place.children().values().forEach(child -> hide(child, hidden));
  }

  World withMock(Callee replaced, Mock mock) {
    Map<String, Mock> more = new HashMap<>(mocks);
    more.put(replaced.name(), mock);
    return new World(input, data, hidden, more, new HashMap<>());
  }

  World withoutMocks() {
    return new World(input, data, hidden, Map.of(), new HashMap<>());
  }

  private static RegoValue put(@Nullable RegoValue in, List<RegoValue> path, RegoValue value) {
    if (path.isEmpty()) {
      return value;
    }
    RegoObject object = in instanceof RegoObject o ? o : RegoObject.EMPTY;
    RegoValue key = path.getFirst();
    return object.with(key, put(object.get(key), path.subList(1, path.size()), value));
  }
}
