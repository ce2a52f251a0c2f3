package io.outrider.upstream.stdio;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Turns what a program wrote for a terminal into text for a log, however it was cut: without
/// terminal colours, and with a mark in place of every other character that would move a cursor,
/// begin a line or turn the direction of writing. Lines end with LF. Not thread-safe.
final class PlainText {

  private static final char MARK = '\ufffd';

  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /// The beginning of a character whose rest has not come: at most three bytes.
  private byte[] begun = {};

  private State state = State.TEXT;

  private enum State {
    TEXT,
    /// After ESC.
    ESCAPE,
    /// In the parameters of a control sequence (ECMA-48).
    SEQUENCE,
    /// After CR.
    RETURN
  }

  /// Takes the next bytes, and gives what they are as text.
  String next(byte[] bytes, int length) {
    ByteBuffer in = ByteBuffer.allocate(begun.length + length);
    in.put(begun).put(bytes, 0, length).flip();
    CharBuffer chars = CharBuffer.allocate(in.remaining());
    utf8.decode(in, chars, false);
    begun = new byte[in.remaining()];
    in.get(begun);
    return clean(chars.flip());
  }

  /// Gives what was begun last. The text has ended.
  String end() {
    boolean unfinished = begun.length > 0 || state == State.ESCAPE || state == State.RETURN;
    begun = new byte[0];
    state = State.TEXT;
    return unfinished ? String.valueOf(MARK) : "";
  }

  private String clean(CharBuffer chars) {
    StringBuilder out = new StringBuilder(chars.remaining());
    while (chars.hasRemaining()) {
      next(chars.get(), out);
    }
    return out.toString();
  }

  private void next(char c, StringBuilder out) {
    switch (state) {
      case SEQUENCE -> {
        // Parameters, then one final byte from '@' to '~'. A line end is never part of it.
        if (c == '\n') {
          plain(c, out);
        } else if (c < ' ' || c > '?') {
          state = State.TEXT;
        }
      }
      case ESCAPE -> {
        if (c == '[') {
          state = State.SEQUENCE;
        } else {
          out.append(MARK);
          plain(c, out);
        }
      }
      case RETURN -> {
        if (c != '\n') {
          out.append(MARK);
        }
        plain(c, out);
      }
      case TEXT -> plain(c, out);
    }
  }

  private void plain(char c, StringBuilder out) {
    switch (c) {
      case '\u001b' -> state = State.ESCAPE;
      case '\r' -> state = State.RETURN;
      default -> {
        state = State.TEXT;
        out.append(c == '\t' || c == '\n' || !unfit(c) ? c : MARK);
      }
    }
  }

  private static boolean unfit(char c) {
    return Character.isISOControl(c)
        || c == '\u2028'
        || c == '\u2029'
        || (c >= '\u200b' && c <= '\u200f')
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\ufeff';
  }
}
