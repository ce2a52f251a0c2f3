package io.outrider.settings;

/// How large messages may be, in bytes where not said otherwise.
///
/// @param maxBody an HTTP request body
/// @param maxMessage one message from a server: a response body, an SSE event, a line on stdout
/// @param maxDepth nesting of arrays and objects in any message, in levels
/// @param maxHeaders all headers of a request together
/// @param offLoop a message larger than this is judged and redacted on a worker thread, not on the
///   event loop
public record SizeSettings(int maxBody, int maxMessage, int maxDepth, int maxHeaders, int offLoop) {
  /// What the TypeScript SDK's servers accept.
  public static final int DEFAULT_MAX_BODY = 4 << 20;

  /// What the Java SDK's clients accept; results are larger than arguments (files, images).
  public static final int DEFAULT_MAX_MESSAGE = 16 << 20;

  /// Real tool schemas stay below 20; parsers that recurse are safe far beyond this.
  public static final int DEFAULT_MAX_DEPTH = 64;

  /// Revision 2026-07-28 mirrors arguments in headers, in Base64; the usual 8 KiB is too small for
  /// that.
  public static final int DEFAULT_MAX_HEADERS = 64 << 10;

  /// About a millisecond of redaction: longer would be felt by every other call on the loop.
  public static final int DEFAULT_OFF_LOOP = 256 << 10;

  public SizeSettings {
    Checks.positive("sizes.max_body", maxBody);
    Checks.positive("sizes.max_message", maxMessage);
    Checks.positive("sizes.max_depth", maxDepth);
    Checks.positive("sizes.max_headers", maxHeaders);
    Checks.positive("sizes.off_loop", offLoop);
    // Jackson's own ceiling; a deeper limit could not be kept.
    if (maxDepth > 500) {
      throw new IllegalArgumentException("sizes.max_depth: " + maxDepth + " (expected: 1 to 500)");
    }
  }

  /// The defaults above.
  public static SizeSettings defaults() {
    return new SizeSettings(
        DEFAULT_MAX_BODY,
        DEFAULT_MAX_MESSAGE,
        DEFAULT_MAX_DEPTH,
        DEFAULT_MAX_HEADERS,
        DEFAULT_OFF_LOOP);
  }
}
