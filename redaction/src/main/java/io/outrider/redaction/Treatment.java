package io.outrider.redaction;

import io.outrider.redaction.rule.Rule;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// What is done about a finding: the action, and what is written in its place. Immutable and
/// thread-safe.
final class Treatment {
  private static final int MIN_FOR_LAST_4 = 16;
  private static final byte[] ZERO = {'0'};

  private final RedactionOptions options;

  /// Drawn when the first value is found: a random one is not for free.
  private @Nullable SecretKeySpec tokenKey;

  Treatment(RedactionOptions options) {
    this.options = options;
  }

  private synchronized SecretKeySpec tokenKey() {
    SecretKeySpec known = tokenKey;
    if (known == null) {
      known = new SecretKeySpec(options.tokenKey().resolve(), "HmacSHA256");
      tokenKey = known;
    }
    return known;
  }

  RedactionOptions options() {
    return options;
  }

  Action action(Rule rule) {
    Action byId = options.actions().get(rule.id());
    if (byId != null) {
      return byId;
    }
    Action byGroup = options.actions().get(rule.settings().group());
    if (byGroup != null) {
      return byGroup;
    }
    String own = rule.settings().action();
    return own.isEmpty() ? options.usual() : Action.valueOf(own.toUpperCase(Locale.ROOT));
  }

  /// Plain ASCII without quotes and backslashes, so that it can stand at any depth of escaping.
  byte[] mask(Rule rule, Action action, Handling handling, byte[] text, int start, int stop) {
    MaskStyle forced = handling.mask();
    if (forced == null && action == Action.TOKENISE) {
      byte[] token =
          label(rule, HexFormat.of().formatHex(hmac(handling.scope(), text, start, stop), 0, 4));
      handling.tokenised(
          new String(token, StandardCharsets.US_ASCII),
          new String(text, start, stop - start, StandardCharsets.UTF_8));
      return token;
    }
    return switch (forced == null ? style(rule) : forced) {
      case LABEL -> label(rule, "");
      case KEEP_LAST_4 ->
          stop - start >= MIN_FOR_LAST_4 && isPlain(text, stop - 4, stop)
              ? label(rule, new String(text, stop - 4, 4, StandardCharsets.US_ASCII))
              : label(rule, "");
      case SAME_LENGTH -> "*".repeat(stop - start).getBytes(StandardCharsets.US_ASCII);
      case SAME_SHAPE -> shape(text, start, stop);
    };
  }

  /// The first letters and digit, because they are hexadecimal as well.
  private static byte[] shape(byte[] text, int start, int stop) {
    byte[] shape = new byte[stop - start];
    int size = 0;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if ((b & 0xc0) == 0x80) {
        continue; // the rest of a character
      }
      if (b < 0 || (b >= 'a' && b <= 'z')) {
        shape[size++] = 'a';
      } else if (b >= 'A' && b <= 'Z') {
        shape[size++] = 'A';
      } else if (b >= '0' && b <= '9') {
        shape[size++] = '0';
      } else {
        shape[size++] = b < ' ' || b == '"' || b == '\\' || b == 0x7f ? (byte) '*' : b;
      }
    }
    byte[] masked = Arrays.copyOf(shape, size);
    // Signs only, or what the shape of others looks like: then the value would be its own mask.
    return Arrays.equals(masked, 0, size, text, start, stop)
        ? "*".repeat(stop - start).getBytes(StandardCharsets.US_ASCII)
        : masked;
  }

  /// What stands for a number: a number, so that the type and most schemas still hold.
  byte[] maskNumber() {
    return ZERO;
  }

  private static byte[] label(Rule rule, String suffix) {
    String body = suffix.isEmpty() ? rule.id() : rule.id() + ":" + suffix;
    return ("[REDACTED:" + body + "]").getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean isPlain(byte[] text, int start, int stop) {
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      if (!((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9'))) {
        return false;
      }
    }
    return true;
  }

  /// What evidence calls the value.
  String digest(byte[] text, int start, int stop) {
    return HexFormat.of().formatHex(hmac("digest", text, start, stop), 0, 8);
  }

  private MaskStyle style(Rule rule) {
    String own = rule.settings().mask();
    return own.isEmpty()
        ? options.mask()
        : MaskStyle.valueOf(own.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private byte[] hmac(String scope, byte[] text, int start, int stop) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(tokenKey());
      mac.update(scope.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      mac.update(text, start, stop - start);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new RedactionException("no token could be made", e);
    }
  }
}
