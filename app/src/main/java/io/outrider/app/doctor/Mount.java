package io.outrider.app.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A mounted file system, as a line of `/proc/self/mountinfo` tells (proc(5)).
///
/// @param options of the mount and of the file system
record Mount(Path point, String type, String source, List<String> options) {

  /// The mount a path lies in: the longest that contains it, the later of two at one place.
  ///
  /// @param real a path without links
  static Optional<Mount> of(Path real, List<String> mountinfo) {
    Optional<Mount> found = Optional.empty();
    for (String line : mountinfo) {
      Optional<Mount> mount = parse(line).filter(m -> real.startsWith(m.point));
      if (mount.isPresent()
          && found
              .filter(f -> f.point.getNameCount() > mount.get().point.getNameCount())
              .isEmpty()) {
        found = mount;
      }
    }
    return found;
  }

  private static Optional<Mount> parse(String line) {
    String[] sides = line.split(" - ", 2);
    String[] left = sides[0].split(" ");
    String[] right = sides.length == 2 ? sides[1].split(" ") : new String[0];
    if (left.length < 6 || right.length < 3) {
      return Optional.empty();
    }
    return Optional.of(
        new Mount(
            Path.of(unescaped(left[4])),
            right[0],
            unescaped(right[1]),
            List.of((left[5] + "," + right[2]).split(","))));
  }

  /// Blanks are written as three octal digits.
  private static String unescaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\'
          && i + 4 <= text.length()
          && text.substring(i + 1, i + 4).matches("[0-7]{3}")) {
        out.append((char) Integer.parseInt(text, i + 1, i + 4, 8));
        i += 3;
      } else {
        out.append(text.charAt(i));
      }
    }
    return out.toString();
  }
}
