package io.outrider.audit.verify;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.Opening;
import io.outrider.audit.format.Sha256;
import io.outrider.audit.format.TilePath;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Holds the values that are kept beside a bundle to what its records committed to: each must open
/// the commitment that stands in its own place of the leaf, and not just anywhere in it, since a
/// caller chooses some of a leaf's text. Keeps its buffers; not thread-safe.
final class Commitments {
  private static final byte[] DOMAIN =
      "outrider/commitment/v1\0".getBytes(StandardCharsets.US_ASCII);
  private static final int SALT = 32;

  /// Fields of openings, by their place as [LeafScanner] counts them.
  private static final byte[][] FIELDS = {
    ascii("in.digest"), ascii("in.text"), ascii("res.digest"), ascii("res.text")
  };

  /// Smaller values are copied behind salt and field and hashed in one piece.
  private static final int SMALL = 4_096;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle HALVES =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final long EACH = 0x0101010101010101L;

  private final MessageDigest sha = Sha256.digest();
  private final ReadBuffer pack = new ReadBuffer();
  private final byte[] input = new byte[SMALL];
  private final byte[] commitment = new byte[Sha256.BYTES];

  /// Where the openings of the record at hand begin and end in the pack, and the next one's do.
  private int from;

  private int to;

  Commitments() {
    System.arraycopy(DOMAIN, 0, input, SALT, DOMAIN.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// The commitment in a leaf that an opening of `field` must open; empty if there is none.
  static Optional<String> committed(Leaf leaf, String field) {
    if (!field.startsWith("x.")) {
      return Arrays.stream(FIELDS).anyMatch(known -> Arrays.equals(known, ascii(field)))
          ? leaf.text(field)
          : Optional.empty();
    }
    List<?> cuts = leaf.list("x");
    return field.matches("x\\.(0|[1-9][0-9]{0,3})")
            && Integer.parseInt(field.substring(2)) < cuts.size()
            && cuts.get(Integer.parseInt(field.substring(2))) instanceof Map<?, ?> cut
            && cut.get("c") instanceof String commitment
        ? Optional.of(commitment)
        : Optional.empty();
  }

  /// Reads the values kept for a full bundle.
  ///
  /// @return whether there are any
  boolean read(LogSource source, CheckedBundle checked) throws IOException {
    from = 0;
    to = 0;
    return source.read(TilePath.sealed(checked.index()), pack);
  }

  /// Uses the openings of one record from elsewhere.
  void use(byte[] annex) {
    pack.set(annex);
    from = 0;
    to = annex.length;
  }

  /// Goes on to the openings of the next record.
  ///
  /// @return whether there are any; if not, the file is damaged and of no further use
  boolean next(CheckedBundle checked, int slot) {
    int left = pack.length() - to;
    int length = left < Integer.BYTES ? -1 : (int) HALVES.get(pack.bytes(), to);
    if (length < 0 || length > left - Integer.BYTES) {
      checked.problem(
          Verdict.TAMPERED,
          checked.first() + slot,
          TilePath.sealed(checked.index()) + ": ends early or is damaged");
      return false;
    }
    from = to + Integer.BYTES;
    to = from + length;
    return true;
  }

  /// No record follows.
  void end(CheckedBundle checked) {
    if (to < pack.length()) {
      checked.problem(
          Verdict.TAMPERED,
          checked.first(),
          TilePath.sealed(checked.index())
              + ": "
              + (pack.length() - to)
              + " bytes behind the values of its last record (expected: none)");
    }
  }

  /// Checks that the openings at hand are such; their leaf is not there to compare them with.
  void checkAlone(CheckedBundle checked, int slot) {
    check(checked, slot, new byte[0], 0, 0, null);
  }

  /// Checks the openings at hand against the leaf `bytes[start .. end)`.
  ///
  /// @param scanner what read that leaf; null if it took a parser
  void check(
      CheckedBundle checked,
      int slot,
      byte[] bytes,
      int start,
      int end,
      @Nullable LeafScanner scanner) {
    if (!isWhole()) {
      damaged(checked, slot);
      return;
    }
    for (int at = from; at < to; ) {
      int name = pack.bytes()[at] & 0xff;
      int value = at + 1 + name + SALT + Integer.BYTES;
      int length = (int) HALVES.get(pack.bytes(), value - Integer.BYTES);
      if (name == 0) {
        checked.erased(slot);
      } else if (end > 0 && !opens(bytes, start, end, scanner, at + 1, name, value, length)) {
        checked.problem(
            Verdict.TAMPERED,
            checked.first() + slot,
            "the value kept for "
                + SafeText.of(new String(pack.bytes(), at + 1, name, StandardCharsets.UTF_8), 100)
                + " is not the one the record committed to");
      }
      at = value + length;
    }
  }

  /// Whether the openings at hand are such, one behind the other, and erased ones all zeros.
  private boolean isWhole() {
    int at = from;
    while (at < to) {
      int name = pack.bytes()[at] & 0xff;
      int salt = at + 1 + name;
      int value = salt + SALT + Integer.BYTES;
      int length = value > to ? -1 : (int) HALVES.get(pack.bytes(), value - Integer.BYTES);
      if (length < 0
          || length > to - value
          || name == 0
              && !(isBlank(salt, value - Integer.BYTES) && isBlank(value, value + length))) {
        return false;
      }
      at = value + length;
    }
    return true;
  }

  private boolean isBlank(int begin, int end) {
    for (int i = begin; i < end; i++) {
      if (pack.bytes()[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void damaged(CheckedBundle checked, int slot) {
    String what = "annex: cannot be read";
    try {
      Opening.parse(Arrays.copyOfRange(pack.bytes(), from, to));
    } catch (FormatException e) {
      what = String.valueOf(e.getMessage());
    }
    checked.problem(
        Verdict.TAMPERED, checked.first() + slot, TilePath.sealed(checked.index()) + ": " + what);
  }

  private boolean opens(
      byte[] bytes,
      int start,
      int end,
      @Nullable LeafScanner scanner,
      int name,
      int nameLength,
      int value,
      int length) {
    commit(name, nameLength, value, length);
    int place = place(name, nameLength);
    if (scanner != null && place >= 0) {
      int committed = scanner.committedAt(place);
      return committed >= 0 && isHex(bytes, committed);
    }
    try {
      Leaf leaf = Leaf.parse(Arrays.copyOfRange(bytes, start, end));
      return committed(leaf, new String(pack.bytes(), name, nameLength, StandardCharsets.UTF_8))
          .filter(hex -> hex.length() == LeafScanner.COMMITTED && isHex(ascii(hex), 0))
          .isPresent();
    } catch (FormatException e) {
      throw new IllegalStateException("a leaf that was read before cannot be parsed", e);
    }
  }

  private int place(int name, int length) {
    for (int place = 0; place < FIELDS.length; place++) {
      if (Arrays.equals(
          FIELDS[place], 0, FIELDS[place].length, pack.bytes(), name, name + length)) {
        return place;
      }
    }
    return -1;
  }

  /// Computes the commitment to a value of the pack, whose salt lies between name and value.
  private void commit(int name, int nameLength, int value, int length) {
    int head = SALT + DOMAIN.length;
    System.arraycopy(pack.bytes(), name + nameLength, input, 0, SALT);
    System.arraycopy(pack.bytes(), name, input, head, nameLength);
    head += nameLength;
    input[head++] = 0;
    if (length <= SMALL - head) {
      System.arraycopy(pack.bytes(), value, input, head, length);
      sha.update(input, 0, head + length);
    } else {
      sha.update(input, 0, head);
      sha.update(pack.bytes(), value, length);
    }
    try {
      sha.digest(commitment, 0, commitment.length);
    } catch (DigestException e) {
      throw new IllegalStateException("no room for a hash in " + commitment.length, e);
    }
  }

  /// Whether the commitment stands at `at`, as hex digits.
  private boolean isHex(byte[] bytes, int at) {
    for (int i = 0; i < Sha256.BYTES; i += Integer.BYTES) {
      long nibbles = Long.expand((int) HALVES.get(commitment, i) & 0xffffffffL, EACH * 0x0f);
      // Nibbles above 9 carry into the next bit with 6 more, and are letters.
      long letters = nibbles + EACH * 6 >>> 4 & EACH;
      long digits = nibbles + EACH * '0' + letters * ('a' - '0' - 10);
      if (digits != (long) WORDS.get(bytes, at + 2 * i)) {
        return false;
      }
    }
    return true;
  }
}
