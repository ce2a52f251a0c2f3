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
  private static final String ALGORITHM = "HmacSHA256";

  private final RedactionOptions options;

  /// With its key, which is drawn when the first value is found: a random one is not for free. Only
  /// copies take values, so that looking up the algorithm and preparing the key is paid once.
  private volatile @Nullable Keyed keyed;

  Treatment(RedactionOptions options) {
    this.options = options;
  }

  private record Keyed(SecretKeySpec key, Mac ready) {
    static Keyed with(SecretKeySpec key) throws GeneralSecurityException {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return new Keyed(key, mac);
    }

    Mac copy() throws GeneralSecurityException {
      try {
        return (Mac) ready.clone();
      } catch (CloneNotSupportedException e) {
        // No provider need offer it.
        return with(key).ready;
      }
    }
  }

  private Keyed keyed() throws GeneralSecurityException {
    Keyed known = keyed;
    if (known == null) {
      synchronized (this) {
        known = keyed;
        if (known == null) {
          known = Keyed.with(new SecretKeySpec(options.tokenKey().resolve(), ALGORITHM));
          keyed = known;
        }
      }
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
      Mac mac = keyed().copy();
      mac.update(scope.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      mac.update(text, start, stop - start);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new RedactionException("no token could be made", e);
    }
  }
}
