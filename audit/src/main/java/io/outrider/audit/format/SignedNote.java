package io.outrider.audit.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Text with signatures under it (C2SP signed-note).
///
/// @param text what is signed; ends with a newline
public record SignedNote(String text, List<Signature> signatures) {

  /// A note larger than this is not a checkpoint anybody made in good faith.
  private static final int MAX_BYTES = 1 << 20;

  private static final int MAX_SIGNATURES = 100;

  private static final String PREFIX = "\u2014 ";

  /// One signature line. What `bytes` holds depends on the algorithm of the key.
  public record Signature(String name, int keyId, byte[] bytes) {
    boolean same(Signature other) {
      return keyId == other.keyId && name.equals(other.name) && Arrays.equals(bytes, other.bytes);
    }
  }

  public SignedNote {
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("text: no newline at the end");
    }
    signatures = List.copyOf(signatures);
  }

  /// Reads a note without checking any signature.
  ///
  /// @throws FormatException if it is not a well-formed note
  public static SignedNote parse(byte[] bytes) throws FormatException {
    if (bytes.length > MAX_BYTES) {
      throw new FormatException(
          "note: " + bytes.length + " bytes (expected: at most " + MAX_BYTES + ")");
    }
    String all = utf8(bytes);
    for (int i = 0; i < all.length(); i++) {
      if (all.charAt(i) < 0x20 && all.charAt(i) != '\n') {
        throw new FormatException("note: control character at " + i);
      }
    }
    int split = all.lastIndexOf("\n\n");
    if (split < 0) {
      throw new FormatException("note: no empty line before the signatures");
    }
    String text = all.substring(0, split + 1);
    String block = all.substring(split + 2);
    if (block.isEmpty() || !block.endsWith("\n")) {
      throw new FormatException("note: no signature lines");
    }
    List<Signature> signatures = new ArrayList<>();
    for (String line : block.substring(0, block.length() - 1).split("\n", -1)) {
      signatures.add(signature(line));
      if (signatures.size() > MAX_SIGNATURES) {
        throw new FormatException("note: more than " + MAX_SIGNATURES + " signatures");
      }
    }
    return new SignedNote(text, signatures);
  }

  /// Reads a note and checks that `key` signed it. Signatures of other keys are ignored, as the
  /// format asks.
  ///
  /// @throws FormatException if it is not a note, or `key` did not sign it, or its signature is
  ///   wrong
  public static SignedNote open(byte[] bytes, VerifierKey key) throws FormatException {
    SignedNote note = parse(bytes);
    boolean signed = false;
    for (Signature signature : note.signatures) {
      if (signature.keyId == key.id() && signature.name.equals(key.name())) {
        if (!key.verify(note.text.getBytes(StandardCharsets.UTF_8), signature.bytes)) {
          throw new FormatException(
              "note: the signature of " + key.name() + " does not fit the text");
        }
        signed = true;
      }
    }
    if (!signed) {
      throw new FormatException("note: not signed by " + key.name() + "+" + key.idHex());
    }
    return note;
  }

  /// Reads signature lines on their own, as a witness answers them.
  ///
  /// @throws FormatException if a line is not a well-formed signature line, or there are none
  public static List<Signature> signatures(byte[] lines) throws FormatException {
    String block = utf8(lines);
    if (block.isEmpty() || !block.endsWith("\n")) {
      throw new FormatException("signatures: no line (expected: at least one, ended)");
    }
    List<Signature> signatures = new ArrayList<>();
    for (String line : block.substring(0, block.length() - 1).split("\n", MAX_SIGNATURES + 1)) {
      signatures.add(signature(line));
    }
    return signatures;
  }

  /// The same text with more signatures under it; those it has already are not repeated.
  public SignedNote with(List<Signature> more) {
    List<Signature> all = new ArrayList<>(signatures);
    for (Signature signature : more) {
      if (all.stream().noneMatch(signature::same)) {
        all.add(signature);
      }
    }
    return new SignedNote(text, all);
  }

  private static Signature signature(String line) throws FormatException {
    int space = line.lastIndexOf(' ');
    if (!line.startsWith(PREFIX) || space < PREFIX.length()) {
      throw new FormatException("note: \"" + line + "\" (expected: \u2014 name base64)");
    }
    String name = line.substring(PREFIX.length(), space);
    byte[] decoded;
    try {
      VerifierKey.checkName(name);
      decoded = StrictBase64.decode(line.substring(space + 1));
    } catch (IllegalArgumentException e) {
      throw new FormatException("note: malformed signature line", e);
    }
    if (decoded.length <= Integer.BYTES) {
      throw new FormatException(
          "note: signature of " + decoded.length + " bytes (expected: more than 4)");
    }
    return new Signature(
        name,
        ByteBuffer.wrap(decoded).getInt(),
        Arrays.copyOfRange(decoded, Integer.BYTES, decoded.length));
  }

  private static String utf8(byte[] bytes) throws FormatException {
    try {
      CharBuffer decoded =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes));
      return decoded.toString();
    } catch (CharacterCodingException e) {
      throw new FormatException("note: not UTF-8", e);
    }
  }

  /// The note as it is stored and sent.
  public byte[] bytes() {
    StringBuilder out = new StringBuilder(text).append('\n');
    for (Signature signature : signatures) {
      byte[] idAndBytes =
          ByteBuffer.allocate(Integer.BYTES + signature.bytes.length)
              .putInt(signature.keyId)
              .put(signature.bytes)
              .array();
      out.append(PREFIX)
          .append(signature.name)
          .append(' ')
          .append(Base64.getEncoder().encodeToString(idAndBytes))
          .append('\n');
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }
}
