package io.outrider.redaction.check;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// Values that stand where a secret would: templates, stars, documentation words, and our own
/// masks.
public final class Placeholders {
  private static final Set<String> WORDS =
      Set.of(
          "null",
          "none",
          "nil",
          "undefined",
          "true",
          "false",
          "yes",
          "no",
          "string",
          "str",
          "text",
          "value",
          "password",
          "passwd",
          "secret",
          "token",
          "required",
          "optional",
          "redacted",
          "masked",
          "hidden",
          "empty",
          "example",
          "placeholder",
          "changeme",
          "change_me",
          "change-me",
          "todo",
          "tbd",
          "n/a",
          "na",
          "unset",
          "default",
          "dummy",
          "integer",
          "number",
          "boolean",
          "object",
          "bytes",
          "apikey",
          "api_key",
          "api-key",
          "your_password",
          "unknown",
          "enabled",
          "disabled",
          "bearer",
          "basic",
          "oauth",
          "oauth2",
          "jwt",
          "credentials",
          "username",
          "user",
          "pass",
          "mypassword",
          "my_password",
          "my-password",
          "yourpassword",
          "set",
          "not set",
          "not_set",
          "access_token",
          "refresh_token",
          "passwort",
          "kennwort",
          "wachtwoord",
          "contraseña",
          "contrasena",
          "mot de passe",
          "senha",
          "passord",
          "adgangskode",
          "parola",
          "username:password",
          "user:password",
          "user:pass",
          "metavar",
          "notasecret",
          "x-oauth-basic",
          "x-oauth-token",
          "on/off",
          "yes/no",
          "true/false",
          "file",
          "input",
          "prompt",
          "encrypted",
          "plaintext",
          "hash",
          "hashed",
          "generated",
          "random",
          "env",
          "vault",
          "missing",
          "invalid",
          "incorrect",
          "expired",
          "accepted",
          "ok",
          "error",
          "failed",
          "success",
          "reset",
          "updated",
          "changed",
          "sensitive",
          "sanitized",
          "filtered",
          "(hidden)",
          "(sensitive)",
          "(none)",
          "(null)",
          "(empty)",
          "!vault");

  /// Two bits of a `long` for each bracket.
  private static final int MOST_NESTED = 31;

  /// Letters of a UUID, hyphens among them.
  private static final int UUID = 36;

  private Placeholders() {}

  /// Whether the bytes in `[start, stop)` are no value at all.
  public static boolean is(byte[] text, int start, int stop) {
    int n = stop - start;
    if (n == 0) {
      return true;
    }
    byte first = text[start];
    byte last = text[stop - 1];
    if (isMask(text, start, stop) || allSame(text, start, stop)) {
      return true;
    }
    boolean template =
        (first == '<' && last == '>')
            || (first == '[' && last == ']')
            || (first == '%' && last == '%')
            || (first == '$'
                && n > 1
                && ((text[start + 1] == '{' && isNested(text, start, stop))
                    || text[start + 1] == '('
                    || isName(text, start + 1, stop)))
            || (n > 3 && first == '{' && last == '}' && isNested(text, start, stop))
            || (n > 3 && first == '#' && text[start + 1] == '{')
            || (n > 4 && first == '_' && text[start + 1] == '_' && last == '_')
            || isStarred(text, start, stop);
    if (template) {
      return true;
    }
    if (n > 40) {
      return false;
    }
    String word = new String(text, start, n, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    return WORDS.contains(word)
        || word.startsWith("your")
        || word.startsWith("my-secret")
        || word.startsWith("insert")
        || word.startsWith("replace")
        || word.contains("example")
        || word.contains("placeholder")
        || isCrossedOut(text, start, stop)
        || ((word.contains("${") || word.contains("{{")) && isNested(text, start, stop))
        || word.contains("$env{")
        || word.contains("redacted")
        || word.contains("filtered")
        || word.contains("replace_me")
        || word.contains("replaceme")
        || word.contains("...")
        || word.contains("changeme")
        || word.startsWith("fake")
        || word.startsWith("somefake");
  }

  /// Whether the brackets in a value match, as those of a template do; the last may be cut off.
  static boolean isNested(byte[] text, int start, int stop) {
    long open = 0;
    int depth = 0;
    for (int i = start; i < stop; i++) {
      int kind = "({[".indexOf(text[i]) + 1;
      if (kind > 0) {
        if (++depth > MOST_NESTED) {
          return false;
        }
        open = open << 2 | kind;
        continue;
      }
      kind = ")}]".indexOf(text[i]) + 1;
      if (kind > 0) {
        if (depth == 0 || (open & 3) != kind) {
          return false;
        }
        open >>>= 2;
        depth--;
      }
    }
    return true;
  }

  /// Whether the bytes are a mask of ours: nothing is left in it to find.
  public static boolean isMask(byte[] text, int start, int stop) {
    int at = start;
    if (stop - at < 12 || text[stop - 1] != ']') {
      return false;
    }
    for (int i = 0; i < 10; i++) {
      if (text[at + i] != "[REDACTED:".charAt(i)) {
        return false;
      }
    }
    return isMaskBody(text, at + 10, stop - 1);
  }

  /// The inside of a mask: a rule id, and at most eight characters after a colon. Anything longer
  /// could be a way to carry a value past the rules.
  static boolean isMaskBody(byte[] text, int from, int to) {
    int colon = -1;
    for (int i = from; i < to; i++) {
      byte b = text[i];
      if (b == ':' && colon < 0) {
        colon = i;
      } else if (!(isLowerOrDigit(b)
          || b == '-'
          || (colon >= 0 && b > ' ' && b != ']' && b != '['))) {
        return false;
      }
    }
    int idEnd = colon < 0 ? to : colon;
    return idEnd - from >= 1 && idEnd - from <= 64 && (colon < 0 || to - colon - 1 <= 8);
  }

  private static boolean isLowerOrDigit(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9');
  }

  private static boolean isName(byte[] text, int start, int stop) {
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (!(Bytes.isLetter(b) || b == '_' || (i > start && Bytes.isDigit(b)))) {
        return false;
      }
    }
    return stop > start;
  }

  /// Three stars or dots in a row: what other tools leave of a secret.
  private static boolean isStarred(byte[] text, int start, int stop) {
    int run = 0;
    for (int i = start; i < stop; i++) {
      run = text[i] == '*' || (text[i] & 0xff) == 0xe2 ? run + 1 : run;
      if (run >= 3) {
        return true;
      }
      if (text[i] != '*' && text[i] >= 0) {
        run = 0;
      }
    }
    return false;
  }

  /// Four times the same x, which are no accident: a random value has few others.
  private static boolean isCrossedOut(byte[] text, int start, int stop) {
    int run = 0;
    int all = 0;
    boolean crossed = false;
    for (int i = start; i < stop; i++) {
      boolean x = text[i] == 'x' || text[i] == 'X';
      run = !x ? 0 : i > start && text[i] == text[i - 1] ? run + 1 : 1;
      all += x ? 1 : 0;
      crossed |= run >= 4;
    }
    return crossed && all * 5 >= stop - start;
  }

  private static boolean allSame(byte[] text, int start, int stop) {
    for (int i = start + 1; i < stop; i++) {
      if (text[i] != text[start] && !(text[i] == '-' && stop - start == UUID)) {
        return false;
      }
    }
    return stop - start > 1 || !Bytes.isAlphanumeric(text[start]);
  }
}
