package io.outrider.settings;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/// The range checks the records share. Messages name the setting, the value found and the value
/// expected.
final class Checks {
  private Checks() {}

  static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }

  static void notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
    }
  }

  static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: longer than zero)");
    }
  }

  static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: zero or longer)");
    }
  }

  /// Port 0 asks the operating system for a free one.
  static void port(String name, int value) {
    if (value < 0 || value > 65_535) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to 65535)");
    }
  }

  static void notBlank(String name, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + ": blank (expected: some text)");
    }
  }

  /// An absolute `http` or `https` URL without user info or fragment.
  static void webUrl(String name, URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: an absolute http or https URL)"
              .formatted(name, withoutUserInfo(url)));
    }
    if (url.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          name
              + ": has a user name or password in it (expected: credentials under headers, by reference)");
    }
    if (url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "%s: '%s' has a fragment (expected: none)".formatted(name, url));
    }
  }

  private static String withoutUserInfo(URI url) {
    return url.getRawUserInfo() == null
        ? url.toString()
        : url.toString().replace(url.getRawUserInfo() + "@", "");
  }
}
