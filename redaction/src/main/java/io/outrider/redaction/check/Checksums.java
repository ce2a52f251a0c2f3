package io.outrider.redaction.check;

import java.util.zip.CRC32;

/// Checksums that tokens carry in themselves. One that does not fit lowers nobody's guard: old and
/// invented tokens have none, so it is told and decides nothing.
public final class Checksums {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /// Of GitHub and npm tokens: six characters after thirty.
  private static final int BODY = 30;

  private static final int SUM = 6;

  private Checksums() {}

  /// `valid` or `invalid` for a GitHub (`ghp_`, `gho_`, `ghu_`, `ghr_`) or npm token, `""` for
  /// anything else.
  public static String verdict(byte[] text, int start, int stop) {
    if (stop - start != 4 + BODY + SUM || text[start + 3] != '_') {
      return "";
    }
    boolean github =
        text[start] == 'g' && text[start + 1] == 'h' && "pour".indexOf(text[start + 2]) >= 0;
    boolean npm = text[start] == 'n' && text[start + 1] == 'p' && text[start + 2] == 'm';
    if (!github && !npm) {
      return "";
    }
    CRC32 crc = new CRC32();
    crc.update(text, start + 4, BODY);
    long rest = crc.getValue();
    for (int i = stop - 1; i >= stop - SUM; i--) {
      if (text[i] != ALPHABET.charAt((int) (rest % 62))) {
        return "invalid";
      }
      rest /= 62;
    }
    return "valid";
  }
}
