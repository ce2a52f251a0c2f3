package io.outrider.policy.builtin.graphql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is wrong with a document; the message is OPA's.
public final class GraphqlException extends RuntimeException {
  /// One mistake and where it stands; the line is 0 when the document has no places.
  record Problem(int line, int column, String message) {
    @Override
    public String toString() {
      return line == 0 ? "input: " + message : "input:%d:%d: %s".formatted(line, column, message);
    }
  }

  private GraphqlException(String message) {
    super(message, null, false, false);
  }

  static GraphqlException at(int line, int column, String message) {
    return new GraphqlException(
        "%s in GraphQL string at location %d:%d".formatted(message, line, column));
  }

  /// Mistakes of a query that parses and does not fit the schema.
  static GraphqlException invalid(List<Problem> problems) {
    StringBuilder rest = new StringBuilder(problems.getFirst().message()).append('\n');
    problems.subList(1, problems.size()).forEach(p -> rest.append(p).append('\n'));
    String text = rest.toString();
    Problem first = problems.getFirst();
    if (first.line() == 0) {
      return new GraphqlException("GraphQL parse error: input: " + text);
    }
    String cut = text.endsWith(".\n") ? text.substring(0, text.length() - 2) : text;
    return at(first.line(), first.column(), cut);
  }

  /// A mistake of a schema that parses and makes no sense.
  static GraphqlException schema(@Nullable Node at, String message) {
    Problem problem = new Problem(at == null ? 0 : at.line, at == null ? 0 : at.column, message);
    return new GraphqlException(
        "Error in gqlparser SchemaDocument to Schema conversion: " + problem);
  }

  static GraphqlException of(String message) {
    return new GraphqlException(message);
  }
}
