package io.outrider.redaction.match;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The classes behind `\p{..}`: general categories and scripts. Built by asking about every code
/// point, which takes milliseconds and happens only for a pattern that uses one.
final class UnicodeClasses {
  private UnicodeClasses() {}

  static @Nullable CharSet find(String name) {
    if (name.equals("Any")) {
      return CharSet.ANY;
    }
    String categories = categories(name);
    if (!categories.isEmpty()) {
      return collect(c -> categories.contains("," + Character.getType(c) + ","));
    }
    try {
      var script = Character.UnicodeScript.forName(name.toUpperCase(Locale.ROOT));
      return collect(c -> Character.UnicodeScript.of(c) == script);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// The type numbers of a category, each between commas.
  private static String categories(String name) {
    return switch (name) {
      case "L" -> ",1,2,3,4,5,";
      case "Lu" -> ",1,";
      case "Ll" -> ",2,";
      case "Lt" -> ",3,";
      case "Lm" -> ",4,";
      case "Lo" -> ",5,";
      case "M" -> ",6,7,8,";
      case "Mn" -> ",6,";
      case "Me" -> ",7,";
      case "Mc" -> ",8,";
      case "N" -> ",9,10,11,";
      case "Nd" -> ",9,";
      case "Nl" -> ",10,";
      case "No" -> ",11,";
      case "Z" -> ",12,13,14,";
      case "Zs" -> ",12,";
      case "Zl" -> ",13,";
      case "Zp" -> ",14,";
      case "C" -> ",15,16,18,19,";
      case "Cc" -> ",15,";
      case "Cf" -> ",16,";
      case "Co" -> ",18,";
      case "Cs" -> ",19,";
      case "P" -> ",20,21,22,23,24,29,30,";
      case "Pd" -> ",20,";
      case "Ps" -> ",21,";
      case "Pe" -> ",22,";
      case "Pc" -> ",23,";
      case "Po" -> ",24,";
      case "S" -> ",25,26,27,28,";
      case "Sm" -> ",25,";
      case "Sc" -> ",26,";
      case "Sk" -> ",27,";
      case "So" -> ",28,";
      case "Pi" -> ",29,";
      case "Pf" -> ",30,";
      default -> "";
    };
  }

  private static CharSet collect(IntPredicate member) {
    int[] pairs = new int[64];
    int used = 0;
    int start = -1;
    for (int c = 0; c <= CharSet.MAX + 1; c++) {
      boolean in = c <= CharSet.MAX && member.test(c);
      if (in && start < 0) {
        start = c;
      } else if (!in && start >= 0) {
        if (used == pairs.length) {
          pairs = Arrays.copyOf(pairs, 2 * used);
        }
        pairs[used++] = start;
        pairs[used++] = c - 1;
        start = -1;
      }
    }
    return CharSet.ofRanges(Arrays.copyOf(pairs, used));
  }
}
