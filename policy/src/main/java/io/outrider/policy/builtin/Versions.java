package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `semver.compare` and `semver.is_valid`, after Semantic Versioning 2.0.0, with an optional `v` in
/// front.
final class Versions {
  private static final String NUMBER = "(0|[1-9][0-9]*)";
  private static final Pattern VERSION =
      Pattern.compile(
          "v?"
              + NUMBER
              + "\\."
              + NUMBER
              + "\\."
              + NUMBER
              + "(?:-([0-9A-Za-z-]++(?:\\.[0-9A-Za-z-]++)*+))?"
              + "(?:\\+[0-9A-Za-z-]++(?:\\.[0-9A-Za-z-]++)*+)?");

  private Versions() {}

  static void register(Registry r) {
    r.two("semver.compare", Versions::compare);
    r.one(
        "semver.is_valid",
        a -> RegoBoolean.of(a instanceof RegoString s && parse(s.value()) != null));
  }

  private record Version(long major, long minor, long patch, String[] preRelease) {
    int compareTo(Version other) {
      int order = Long.compare(major, other.major);
      order = order != 0 ? order : Long.compare(minor, other.minor);
      order = order != 0 ? order : Long.compare(patch, other.patch);
      return order != 0 ? order : comparePreRelease(preRelease, other.preRelease);
    }

    // A version without pre-release comes after all its pre-releases.
    private static int comparePreRelease(String[] a, String[] b) {
      if (a.length == 0 || b.length == 0) {
        return Boolean.compare(a.length == 0, b.length == 0);
      }
      for (int i = 0; i < Math.min(a.length, b.length); i++) {
        int order = compareIdentifier(a[i], b[i]);
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(a.length, b.length);
    }

    private static int compareIdentifier(String a, String b) {
      boolean numericA = isNumeric(a);
      boolean numericB = isNumeric(b);
      if (numericA != numericB) {
        return numericA ? -1 : 1;
      }
      if (numericA && a.length() != b.length()) {
        return Integer.compare(a.length(), b.length());
      }
      return Integer.signum(a.compareTo(b));
    }
  }

  private static boolean isNumeric(String identifier) {
    return identifier.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static @Nullable Version parse(String text) {
    Matcher m = VERSION.matcher(text);
    if (!m.matches()) {
      return null;
    }
    String pre = m.group(4);
    String[] identifiers = pre == null ? new String[0] : pre.split("\\.", -1);
    for (String identifier : identifiers) {
      if (identifier.length() > 1 && identifier.startsWith("0") && isNumeric(identifier)) {
        return null;
      }
    }
    try {
      return new Version(
          Long.parseLong(m.group(1)),
          Long.parseLong(m.group(2)),
          Long.parseLong(m.group(3)),
          identifiers);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static RegoValue compare(RegoValue a, RegoValue b) {
    Args.string(a, 1);
    Args.string(b, 2);
    Version left = required(a, 1);
    return RegoNumber.of(left.compareTo(required(b, 2)));
  }

  private static Version required(RegoValue value, int position) {
    Version version = parse(Args.string(value, position));
    if (version == null) {
      throw Args.error("operand " + position + ": string " + value + " is not a valid SemVer");
    }
    return version;
  }
}
