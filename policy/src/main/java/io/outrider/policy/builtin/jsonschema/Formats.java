package io.outrider.policy.builtin.jsonschema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.Map;
import java.util.function.Predicate;

/// The `format` keyword. Formats that are not known fit everything.
public final class Formats {
  private static final Pattern HOST =
      Pattern.compile(
          "([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9])"
              + "(\\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9]))*");
  private static final Pattern UUID =
      Pattern.compile("(?i)[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}");
  private static final Pattern POINTER = Pattern.compile("(?:/(?:[^~/]|~0|~1)*)*");
  private static final Pattern RELATIVE =
      Pattern.compile("(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~0|~1)*)*)");
  private static final Pattern TEMPLATE = Pattern.compile("([^{]*(\\{[^}]*\\})?)*");
  private static final Pattern MAIL =
      Pattern.compile(
          "(?s)\\s*(?:[^<>@\",;:\\\\\\[\\]()]*<)?\\s*"
              + "(?:[a-zA-Z0-9!#$%&'*+/=?^_`{|}~\\x80-\\x{10FFFF}-]+"
              + "(?:\\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~\\x80-\\x{10FFFF}-]+)*|\"[^\"]*\")"
              + "@[a-zA-Z0-9!#$%&'*+/=?^_`{|}~\\x80-\\x{10FFFF}-]+"
              + "(?:\\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~\\x80-\\x{10FFFF}-]+)*\\s*>?\\s*");
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*");

  private final Map<String, Predicate<String>> known;

  /// @param isAddress whether a text is an IP address
  /// @param isUri whether a text is a URI or a relative reference
  public Formats(Predicate<String> isAddress, Predicate<String> isUri) {
    Predicate<String> reference = s -> s.indexOf('\\') < 0 && isUri.test(s);
    Predicate<String> absolute = s -> reference.test(s) && SCHEME.matches(s);
    known =
        Map.ofEntries(
            Map.entry("date", Formats::isDate),
            Map.entry("time", Formats::isTime),
            Map.entry("date-time", s -> isTime(s) || isDate(s) || isMoment(s)),
            Map.entry("hostname", s -> s.length() < 256 && HOST.matches(s)),
            Map.entry("email", MAIL::matches),
            Map.entry("idn-email", MAIL::matches),
            Map.entry("ipv4", s -> s.indexOf('.') >= 0 && isAddress.test(s)),
            Map.entry("ipv6", s -> s.indexOf(':') >= 0 && isAddress.test(s)),
            Map.entry("uri", absolute),
            Map.entry("iri", absolute),
            Map.entry("uri-reference", reference),
            Map.entry("iri-reference", reference),
            Map.entry("uri-template", s -> reference.test(s) && TEMPLATE.matches(s)),
            Map.entry("uuid", UUID::matches),
            Map.entry("regex", Formats::isRegex),
            Map.entry("json-pointer", POINTER::matches),
            Map.entry("relative-json-pointer", RELATIVE::matches));
  }

  boolean fits(String format, String text) {
    Predicate<String> test = known.get(format);
    return test == null || test.test(text);
  }

  private static boolean isDate(String text) {
    return text.length() == 10 && parses(() -> LocalDate.parse(text));
  }

  private static boolean isTime(String text) {
    if (!text.matches("[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?")) {
      return false;
    }
    String time = text.replace(',', '.').replaceAll("(\\.[0-9]{9})[0-9]+", "$1");
    return time.matches(".*(Z|[+-][0-9]{2}:[0-9]{2})")
        ? parses(() -> OffsetTime.parse(time))
        : parses(() -> LocalTime.parse(time));
  }

  private static boolean isMoment(String text) {
    return text.matches(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?"
                + "(Z|[+-][0-9]{2}:[0-9]{2})")
        && parses(() ->
            OffsetDateTime.parse(text.replace(',', '.').replaceAll("(\\.[0-9]{9})[0-9]+", "$1")));
  }

  private static boolean parses(Runnable parse) {
    try {
      parse.run();
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isRegex(String text) {
    try {
      Pattern.compile(text);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }
}
