package io.outrider.audit.drill;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Edits a forger would make in the line of a record, keeping it a sound record.
final class Lines {
  private static final Pattern WHO = Pattern.compile("\"sub\":\\{[^}]*?\"id\":\"([a-zA-Z0-9])");
  private static final Pattern WHEN =
      Pattern.compile("\"t\":\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]([0-9])");
  private static final Pattern INDEX = Pattern.compile("\"i\":([0-9]+)");
  private static final Pattern INTENT = Pattern.compile("\"intent\":([0-9]+)");
  private static final Pattern MONOTONIC = Pattern.compile("\"m\":([0-9]+)");

  private Lines() {}

  /// The line of as many bytes that names another principal or, where it names none, another
  /// minute.
  static String reworded(String line) {
    Matcher who = WHO.matcher(line);
    if (who.find()) {
      return edited(line, who, who.group(1).equals("b") ? "c" : "b");
    }
    Matcher when = WHEN.matcher(line);
    return when.find()
        ? edited(line, when, when.group(1).equals("7") ? "3" : "7")
        : line.replaceFirst("\"v\":1", "\"v\":2");
  }

  /// The line as one of those behind record `removed`, which is gone, has to be: it calls itself by
  /// the number before, and so does it call its intent.
  static String movedUp(String line, long removed) {
    return oneLess(oneLess(line, INDEX, removed), INTENT, removed);
  }

  private static String oneLess(String line, Pattern number, long removed) {
    Matcher found = number.matcher(line);
    return found.find() && Long.parseLong(found.group(1)) > removed
        ? edited(line, found, Long.toString(Long.parseLong(found.group(1)) - 1))
        : line;
  }

  static String atIndex(String line, long index) {
    Matcher found = INDEX.matcher(line);
    return found.find() ? edited(line, found, Long.toString(index)) : line;
  }

  /// The line with its monotonic time set back to the beginning of the run.
  static String setBack(String line) {
    Matcher found = MONOTONIC.matcher(line);
    return found.find() ? edited(line, found, "0") : line;
  }

  private static String edited(String line, MatchResult at, String text) {
    return line.substring(0, at.start(1)) + text + line.substring(at.end(1));
  }
}
