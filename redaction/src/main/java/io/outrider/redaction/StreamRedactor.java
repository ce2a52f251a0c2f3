package io.outrider.redaction;

import io.outrider.redaction.check.Bytes;
import io.outrider.redaction.scan.Begun;
import io.outrider.redaction.scan.TooMuchWorkException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/// Masks secrets in plain text that comes in pieces: the error output of a child process, deltas of
/// a text. However the text is cut, what comes out is the same, unless [#pause] ends the waiting,
/// and a private key of many lines is one finding.
///
/// It holds back what a later piece could still make a secret of: the beginning of a literal, the
/// value of a candidate that is not decided, a run that may be encoded. On ordinary text that is a
/// word. What must stand before a secret goes on, and is remembered ([Begun]). Rules that block are
/// taken to mask, because what came before has gone. A value that was masked is not looked for
/// elsewhere. Not thread-safe.
public final class StreamRedactor {
  /// More than this is not held back: what is open is then decided as if the text ended here. Four
  /// times the largest private key.
  static final int MAX_HELD = 1 << 16;

  /// Bytes kept of what has gone: further back no rule looks.
  private static final int CONTEXT = 1024;

  /// Held text longer than this is searched again only when it has grown by an eighth.
  private static final int OFTEN = 2048;

  private static final byte[] NOTHING = {};
  private static final byte[] TOO_COSTLY = "[REDACTED:too-costly]".getBytes(StandardCharsets.UTF_8);

  private final Supplier<Redactor> redactor;
  private final Handling handling;
  private byte[] bytes = new byte[2 * CONTEXT];
  private int size;

  /// Bytes at the front that have gone.
  private int gone;

  /// What began in them and may have its secret after them.
  private final Begun begun = new Begun();

  private int nextSearch;

  /// Whether what comes is the rest of a secret that was already masked.
  private boolean swallowing;

  private char half;

  StreamRedactor(Supplier<Redactor> redactor, Handling handling) {
    this.redactor = redactor;
    this.handling = handling;
  }

  /// For what is written down, such as a log: what rules only tell of is masked as well.
  ///
  /// @param redactor asked anew for each piece, so that a text outlives a change of the rules
  public static StreamRedactor forRecords(Supplier<Redactor> redactor) {
    return new StreamRedactor(redactor, Handling.FOR_RECORDS);
  }

  /// Takes the next piece, and gives what may go on now.
  public String feed(CharSequence piece) {
    var text = new StringBuilder(piece.length() + 1);
    if (half != 0) {
      text.append(half);
      half = 0;
    }
    text.append(piece);
    int last = text.length() - 1;
    if (last >= 0 && Character.isHighSurrogate(text.charAt(last))) {
      half = text.charAt(last);
      text.setLength(last);
    }
    return text(feed(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /// Takes the next piece as bytes, and gives what may go on now.
  public byte[] feed(byte[] piece) {
    if (bytes.length - size < piece.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + piece.length));
    }
    int from = 0;
    while (swallowing && from < piece.length) {
      swallowing = isBody(piece[from]);
      from += swallowing ? 1 : 0;
    }
    System.arraycopy(piece, from, bytes, size, piece.length - from);
    size += piece.length - from;
    boolean tooLong = size - gone > MAX_HELD;
    if (size - gone > OFTEN && size < nextSearch && !tooLong) {
      return NOTHING;
    }
    return cut(tooLong);
  }

  /// Gives what is held back because more may be long in coming; the text goes on. Only a private
  /// key that has begun is still held. To be called at the end of a line: what a pause parts, other
  /// rules do not see as one.
  public String pause() {
    return holdsKey() ? "" : text(cut(true));
  }

  private boolean holdsKey() {
    String held = new String(bytes, gone, size - gone, StandardCharsets.ISO_8859_1);
    return held.contains("-----BEGIN ") || held.contains("PuTTY-User-Key-File");
  }

  private static boolean isBody(byte b) {
    return Bytes.isToken(b)
        || b == '+'
        || b == '/'
        || b == '='
        || b == '.'
        || b == '\n'
        || b == '\r';
  }

  /// Gives what was held back: the text has ended. The next piece begins a new text.
  public String finish() {
    String rest = half == 0 ? "" : String.valueOf(half);
    half = 0;
    byte[] held = cut(true);
    size = 0;
    gone = 0;
    begun.clear();
    swallowing = false;
    nextSearch = 0;
    return text(held) + rest;
  }

  /// Bytes held back.
  public int held() {
    return size - gone;
  }

  private byte[] cut(boolean all) {
    if (size == gone) {
      return NOTHING;
    }
    Workspace w = Workspace.take();
    byte[] out;
    int open = size;
    try {
      w.text.readPlain(bytes, 0, size);
      w.view.reset(0);
      Redactor current = redactor.get();
      open = current.searchBeginning(w, gone, all, begun);
      while (open > gone && open < size && (bytes[open] & 0xc0) == 0x80) {
        open--;
      }
      Editor editor = current.editor(w);
      out = editor.masked(bytes, gone, open, handling);
      // A secret that may go on beyond what was held.
      swallowing |= all && editor.masksTo(size, handling);
      if (out == bytes) {
        out = Arrays.copyOfRange(bytes, gone, open);
      }
    } catch (TooMuchWorkException e) {
      out = TOO_COSTLY;
      begun.clear();
      swallowing = true; // it may have ended in the midst of a secret
    } finally {
      w.giveBack();
    }
    nextSearch = size + (size - open) / 8;
    begun.forget(size - MAX_HELD);
    int dropped = Math.max(0, begun.first(open) - CONTEXT);
    begun.shift(dropped);
    System.arraycopy(bytes, dropped, bytes, 0, size - dropped);
    size -= dropped;
    nextSearch -= dropped;
    gone = open - dropped;
    return out;
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
