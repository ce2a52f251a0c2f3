package io.outrider.policy.fmt;

import io.outrider.policy.syntax.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The text being written: indentation, line ends, and the comments that are still to come.
///
/// Comments are placed by line: before something is written, [#reach] puts those of earlier lines
/// on lines of their own and keeps the one of its own line for the end of the line.
final class Page {
  private static final String METADATA = "METADATA";

  private final StringBuilder out = new StringBuilder();
  private final List<Span> comments;
  private int level;
  private boolean inLine;
  private @Nullable Span lineEnd;
  private boolean held;

  Page(List<Span> comments) {
    this.comments = new ArrayList<>(comments);
  }

  // Lines.

  void write(String text) {
    out.append(text);
  }

  void startLine() {
    inLine = true;
    out.repeat('\t', level);
  }

  void startLineIfNeeded() {
    if (!inLine) {
      startLine();
    }
  }

  void endLine() {
    inLine = false;
    Span comment = lineEnd;
    if (comment != null && !held) {
      out.append(' ').append(text(comment));
      lineEnd = null;
    }
    held = false;
    out.append('\n');
  }

  void blankLine() {
    if (inLine) {
      endLine();
    }
    out.append('\n');
  }

  void indent() {
    level++;
  }

  void outdent() {
    level--;
  }

  /// Ends the line after an opening bracket. A comment of that line waits for the first item.
  void startItems() {
    held = true;
    endLine();
    indent();
    startLine();
  }

  // Comments.

  boolean hasComments() {
    return !comments.isEmpty();
  }

  boolean hasCommentBefore(int row) {
    return lineEnd != null || (!comments.isEmpty() && comments.getFirst().row() < row);
  }

  boolean hasCommentBetween(int first, int last) {
    return comments.stream().anyMatch(c -> c.row() > first && c.row() < last);
  }

  /// Writes the comments of lines before `row`, and keeps the one of `row` for the end of the line.
  void reach(int row) {
    List<Span> before = new ArrayList<>();
    Span same = null;
    while (!comments.isEmpty() && comments.getFirst().row() <= row) {
      Span comment = comments.removeFirst();
      if (comment.row() < row) {
        before.add(comment);
      } else {
        same = comment;
      }
    }
    lines(before);
    if (!before.isEmpty() && row - before.getLast().row() > 1) {
      blankLine();
    }
    if (same == null) {
      return;
    }
    if (lineEnd != null) {
      lineEnd = null;
      throw new Crowded();
    }
    lineEnd = same;
  }

  /// The comment of exactly this line, which is then no longer to come.
  @Nullable Span take(int row) {
    for (Span comment : comments) {
      if (comment.row() == row) {
        comments.remove(comment);
        return comment;
      }
    }
    return null;
  }

  /// Everything that is left, at the end of the module.
  void rest() {
    for (Span comment : comments) {
      line(comment);
    }
    comments.clear();
  }

  private void lines(List<Span> block) {
    Span waiting = lineEnd;
    if (waiting != null && !block.isEmpty()) {
      // Else it would be written after another comment, and be part of that.
      lineEnd = null;
      line(waiting);
    }
    boolean inMetadata = false;
    for (int i = 0; i < block.size(); i++) {
      boolean opens = isMetadata(block.get(i));
      if (i > 0 && block.get(i).row() - block.get(i - 1).row() > 1) {
        blankLine();
        inMetadata = false;
      } else if (i > 0 && inMetadata && opens) {
        blankLine();
      }
      inMetadata |= opens;
      line(block.get(i));
    }
  }

  private void line(Span comment) {
    startLineIfNeeded();
    char last = out.isEmpty() ? '\n' : out.charAt(out.length() - 1);
    out.append(last == '\n' || last == '\t' || last == ' ' ? "" : " ").append(text(comment));
    endLine();
  }

  static String text(Span comment) {
    return comment.text().stripTrailing();
  }

  private static boolean isMetadata(Span comment) {
    return text(comment).substring(1).strip().equals(METADATA);
  }

  // Going back.

  /// A state to return to.
  record Mark(int length, int level, boolean inLine, @Nullable Span lineEnd, List<Span> comments) {}

  Mark mark() {
    return new Mark(out.length(), level, inLine, lineEnd, List.copyOf(comments));
  }

  /// Goes back to `mark` and writes what stands at `at` as it is, comments included.
  ///
  /// @param withLast whether the comment after its last line is written as well
  void copy(Mark mark, Span at, boolean withLast) {
    out.setLength(mark.length);
    level = mark.level;
    inLine = mark.inLine;
    Span pending = mark.lineEnd;
    lineEnd = pending != null && isInside(pending, at) ? null : pending;
    held = false;
    comments.clear();
    List<Span> before = new ArrayList<>();
    @Nullable Span after = null;
    for (Span comment : mark.comments) {
      if (comment.start() < at.start()) {
        before.add(comment);
      } else if (withLast && comment.start() >= at.end() && comment.row() == at.endRow()) {
        after = comment;
      } else if (!isInside(comment, at)) {
        comments.add(comment);
      }
    }
    lines(before);
    startLineIfNeeded();
    out.append(at.text());
    if (after != null) {
      out.append(' ').append(text(after));
    }
  }

  private static boolean isInside(Span comment, Span at) {
    return comment.start() >= at.start() && comment.start() < at.end();
  }

  /// The text so far, without empty lines at its end.
  String finish() {
    int end = out.length();
    while (end > 0 && out.charAt(end - 1) == '\n') {
      end--;
    }
    return end == 0 ? "" : out.substring(0, end) + "\n";
  }
}
