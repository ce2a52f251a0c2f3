package io.outrider.policy.builtin.graphql;

import io.outrider.policy.value.RegoObject;
import java.util.function.LongConsumer;

/// The face of this package: queries and schemas, each read from text or from its tree.
public final class Documents {
  private Documents() {}

  /// The tree of a query.
  public static Node query(String text) {
    return QueryParser.parse(text);
  }

  /// The tree of a query, from what [Node#toRego] gave.
  public static Node query(RegoObject tree) {
    return Node.of(Shape.QUERY_DOCUMENT, tree);
  }

  /// A schema: what policies see of it, and its meaning.
  public static Loaded schema(String text) {
    return loaded(SchemaParser.parse(text));
  }

  public static Loaded schema(RegoObject tree) {
    return loaded(Node.of(Shape.SCHEMA_DOCUMENT, tree));
  }

  /// The tree of a schema that need not make sense.
  public static RegoObject schemaTree(String text) {
    return SchemaParser.parse(text).toRego();
  }

  private static Loaded loaded(Node document) {
    // Making the schema extends the tree, so what is shown of it is taken before.
    RegoObject tree = document.toRego();
    return new Loaded(tree, Schema.of(document));
  }

  /// A schema that makes sense. Immutable once made, so that evaluations may share it.
  public static final class Loaded {
    private final RegoObject tree;
    private final Schema schema;

    private Loaded(RegoObject tree, Schema schema) {
      this.tree = tree;
      this.schema = schema;
    }

    public RegoObject tree() {
      return tree;
    }

    /// Throws [GraphqlException] when the query does not fit.
    ///
    /// @param budget told of the work done; may throw to stop it
    public void check(Node query, LongConsumer budget) {
      QueryRules.check(schema, query, budget);
    }
  }
}
