package io.outrider.policy.builtin;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The blocks of a PEM text, found as Go's `encoding/pem` finds them: text between blocks and
/// blocks that are broken are skipped.
final class Pem {
  private static final String BEGIN = "-----BEGIN ";
  private static final String DASHES = "-----";

  /// One block.
  record Block(String type, byte[] bytes) {}

  private Pem() {}

  static boolean isPem(String text) {
    return text.startsWith("-----BEGIN");
  }

  static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    int at = begin(text, 0);
    while (at >= 0) {
      int typeEnd = text.indexOf('\n', at);
      if (typeEnd < 0) {
        break;
      }
      String line = text.substring(at + BEGIN.length(), typeEnd).stripTrailing();
      Block block = null;
      int next = typeEnd;
      if (line.endsWith(DASHES)) {
        String type = line.substring(0, line.length() - DASHES.length());
        String endLine = "-----END " + type + DASHES;
        int end = text.startsWith(endLine, typeEnd + 1) ? typeEnd : find(text, endLine, typeEnd);
        if (end >= 0) {
          block = block(type, text.substring(typeEnd + 1, Math.max(typeEnd + 1, end)));
          next = block == null ? typeEnd : end + 1 + endLine.length();
        }
      }
      if (block != null) {
        blocks.add(block);
      }
      at = begin(text, next);
    }
    return blocks;
  }

  /// Where the next block begins, which is at the start of a line.
  private static int begin(String text, int from) {
    if (from == 0 && text.startsWith(BEGIN)) {
      return 0;
    }
    int found = text.indexOf("\n" + BEGIN, Math.max(0, from));
    return found < 0 ? -1 : found + 1;
  }

  private static int find(String text, String line, int from) {
    return text.indexOf("\n" + line, from);
  }

  private static @Nullable Block block(String type, String body) {
    StringBuilder base64 = new StringBuilder(body.length());
    for (String line : body.split("\n", -1)) {
      // Header lines, as in encrypted keys, stand before the data.
      if (line.indexOf(':') < 0) {
        base64.append(line.replaceAll("[\\s]", ""));
      }
    }
    try {
      return new Block(type, Base64.getDecoder().decode(base64.toString()));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
