package io.outrider.app.cli;

import io.outrider.review.query.Field;
import java.util.ListIterator;
import java.util.Map;
import java.util.Set;
import java.util.Stack;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// Lets a term such as `-outcome:completed` stand among the options of a command, as it stands in a
/// query everywhere else. A space before it, which the query does not mind, makes it none.
final class QueryWords implements IParameterPreprocessor {
  private static final Pattern TERM = Pattern.compile("-([A-Za-z]+):");

  /// Names of terms that are no fields.
  private static final Set<String> OTHERS =
      Set.of("call", "index", "since", "until", "latency", "wait", "redactions", "bytes");

  @Override
  @SuppressWarnings("JdkObsolete") // the type of the interface
  public boolean preprocess(
      Stack<String> args, CommandSpec command, @Nullable ArgSpec arg, Map<String, Object> info) {
    for (ListIterator<String> each = args.listIterator(); each.hasNext(); ) {
      String word = each.next();
      if (isTerm(word)) {
        each.set(" " + word);
      }
    }
    return false;
  }

  /// Also with a value that the query will refuse, which it can say better.
  private static boolean isTerm(String word) {
    Matcher term = TERM.matcher(word);
    return term.lookingAt()
        && (Field.of(term.group(1)).isPresent() || OTHERS.contains(term.group(1)));
  }
}
