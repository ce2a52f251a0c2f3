package io.outrider.policy.builtin;

import io.outrider.policy.builtin.graphql.Documents;
import io.outrider.policy.builtin.graphql.Documents.Loaded;
import io.outrider.policy.builtin.graphql.GraphqlException;
import io.outrider.policy.builtin.graphql.Node;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.function.Supplier;

/// The `graphql.*` functions.
final class Graphql {
  private static final RegoArray UNVERIFIED =
      RegoArray.of(RegoBoolean.FALSE, RegoObject.EMPTY, RegoObject.EMPTY);

  /// Longer schemas are not kept between evaluations.
  private static final int MAX_CACHED = 64 * 1024;

  private Graphql() {}

  /// The key of a schema in the cache of patterns.
  private record SchemaText(String text) {}

  static void register(Registry r) {
    r.any(
        "graphql.parse_query",
        (cx, a) -> {
          String text = text(cx, a[0]);
          return orError(() -> Documents.query(text).toRego());
        });
    r.any(
        "graphql.parse_schema",
        (cx, a) -> {
          String text = text(cx, a[0]);
          return orError(() -> Documents.schemaTree(text));
        });
    r.any("graphql.parse", (cx, a) -> orError(() -> parse(cx, a)));
    r.any("graphql.parse_and_verify", Graphql::parseAndVerify);
    r.any("graphql.is_valid", (cx, a) -> RegoBoolean.of(isValid(() -> parse(cx, a))));
    r.any("graphql.schema_is_valid", (cx, a) -> RegoBoolean.of(isValid(() -> schema(cx, a[0]))));
  }

  private static String text(BuiltinContext cx, RegoValue a) {
    String text = Args.string(a, 1);
    cx.spend(text.length());
    return text;
  }

  private static RegoValue orError(Supplier<RegoValue> work) {
    try {
      return work.get();
    } catch (GraphqlException e) {
      throw Args.error(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isValid(Supplier<?> work) {
    try {
      Object unused = work.get();
      return true;
    } catch (GraphqlException | BuiltinException e) {
      return false;
    }
  }

  private static RegoArray parse(BuiltinContext cx, RegoValue[] a) {
    Node query = query(cx, a[0]);
    Loaded schema = schema(cx, a[1]);
    // Validation writes into the tree, so what is shown of it is taken before.
    RegoObject shown = query.toRego();
    schema.check(query, cx::spend);
    return RegoArray.of(shown, schema.tree());
  }

  private static RegoValue parseAndVerify(BuiltinContext cx, RegoValue[] a) {
    try {
      return RegoArray.of(RegoBoolean.TRUE).concat(parse(cx, a));
    } catch (GraphqlException | BuiltinException e) {
      return UNVERIFIED;
    }
  }

  private static Node query(BuiltinContext cx, RegoValue a) {
    return switch (a) {
      case RegoString _ -> Documents.query(text(cx, a));
      case RegoObject tree -> Documents.query(tree);
      default -> throw Args.wrongType(a, 0, "string", "object");
    };
  }

  private static Loaded schema(BuiltinContext cx, RegoValue a) {
    return switch (a) {
      case RegoString s ->
          s.value().length() > MAX_CACHED
              ? Documents.schema(text(cx, a))
              : cx.patterns().get(new SchemaText(s.value()), k -> Documents.schema(text(cx, a)));
      case RegoObject tree -> Documents.schema(tree);
      default -> throw Args.wrongType(a, 1, "string", "object");
    };
  }
}
