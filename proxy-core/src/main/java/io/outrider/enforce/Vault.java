package io.outrider.enforce;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/// What tokens stand for, so that one that comes back to the upstream it came from, from the caller
/// it was given to, can be turned back. In memory only; the oldest are forgotten. Thread-safe.
public final class Vault {
  /// A token as redaction writes it: a rule and eight hexadecimal digits.
  private static final Pattern TOKEN =
      Pattern.compile("\\[REDACTED:[a-z0-9-]{1,64}:[0-9a-f]{8}\\]");

  /// Entries over all callers: some megabytes at the usual length of a secret.
  private static final int MAX_ENTRIES = 10_000;

  /// A longer value is masked like any other and cannot come back: a private key fits.
  private static final int MAX_VALUE = 16 * 1024;

  private record Key(String scope, String token) {
    @Override
    public String toString() {
      return token;
    }
  }

  private final Map<Key, String> values =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, String> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  synchronized void keep(String scope, String token, String value) {
    if (value.length() <= MAX_VALUE) {
      values.put(new Key(scope, token), value);
    }
  }

  private synchronized @Nullable String find(String scope, String token) {
    return values.get(new Key(scope, token));
  }

  /// The message with every token turned back; empty if one is not known in this scope.
  Optional<byte[]> restored(byte[] json, String scope) {
    String text = new String(json, StandardCharsets.UTF_8);
    Optional<String> restored = replaced(text, scope, true);
    return restored.map(
        after -> after.equals(text) ? json : after.getBytes(StandardCharsets.UTF_8));
  }

  /// The same for plain text.
  Optional<String> restored(String text, String scope) {
    return replaced(text, scope, false);
  }

  private Optional<String> replaced(String text, String scope, boolean inJson) {
    Matcher matcher = TOKEN.matcher(text);
    var out = new StringBuilder();
    while (matcher.find()) {
      String value = find(scope, matcher.group());
      if (value == null) {
        return Optional.empty();
      }
      String written =
          inJson ? new String(JsonStringEncoder.getInstance().quoteAsCharArray(value)) : value;
      matcher.appendReplacement(out, Matcher.quoteReplacement(written));
    }
    return Optional.of(matcher.appendTail(out).toString());
  }
}
