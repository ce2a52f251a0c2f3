package io.outrider.app.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An address to bind, as it is written in the file and on the command line.
///
/// @param host a name, or an address; an IPv6 address without brackets
/// @param port 0 takes a free one
public record Address(String host, int port) {
  /// What to write.
  public static final String EXPECTED = "HOST:PORT such as 127.0.0.1:8080 or [::1]:8080";

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^\\[\\]:\\s]+)):(\\d{1,5})");

  /// Reads `host:port` or `[ipv6]:port`.
  ///
  /// @throws IllegalArgumentException if the text is neither
  public static Address parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(3)) > 65_535) {
      throw new IllegalArgumentException("'" + text + "' (expected: " + EXPECTED + ")");
    }
    String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
    return new Address(host, Integer.parseInt(parts.group(3)));
  }
}
