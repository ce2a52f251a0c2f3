package io.outrider.upstream.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.outrider.enforce.Permit;
import io.outrider.session.ClientSession;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes a permitted call as it stands on the wire: the line and the headers that are the same for
/// all calls are kept as bytes. Thread-safe.
final class WirePost {

  /// Room for the headers of one call; more is made when needed.
  private static final int ROOM = 256;

  private static final int LINE_BREAK = 0x0d0a;

  private final byte[] head;

  WirePost(String path, RequestHeaders common) {
    HttpHeaders headers = new DefaultHttpHeaders(); // which refuses names and values that are none
    common.post(headers, 0);
    headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    StringBuilder text = new StringBuilder("POST ").append(path).append(" HTTP/1.1\r\n");
    headers.forEach(h -> text.append(h.getKey()).append(": ").append(h.getValue()).append("\r\n"));
    head = text.append("content-length: ").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /// @param upstreamSession the session's id at the upstream, if it gave one
  ByteBuf of(Permit permit, @Nullable String upstreamSession, ByteBufAllocator alloc) {
    byte[] body = permit.bytes();
    ByteBuf out = alloc.ioBuffer(head.length + ROOM + body.length);
    try {
      out.writeBytes(head);
      ByteBufUtil.writeAscii(out, Integer.toString(body.length));
      out.writeShort(LINE_BREAK);
      RequestHeaders.mirror((name, value) -> header(out, name, value), permit);
      ClientSession session = permit.session();
      if (session != null) {
        RequestHeaders.session((name, value) -> header(out, name, value), session, upstreamSession);
      }
      out.writeShort(LINE_BREAK);
      return out.writeBytes(body);
    } catch (RuntimeException e) {
      out.release();
      throw e;
    }
  }

  static void header(ByteBuf out, String name, String value) {
    check(name, true);
    check(value, false);
    ByteBufUtil.writeAscii(out, name);
    out.writeByte(':').writeByte(' ');
    ByteBufUtil.writeAscii(out, value);
    out.writeShort(LINE_BREAK);
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  /// Nothing that comes here can hold a line break, for it was read from a header or encoded for
  /// one. Should that ever change, the call fails rather than becoming two.
  private static void check(String text, boolean name) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean fits =
          name ? isTokenCharacter(c) : c == '\t' || (c >= 0x20 && c != 0x7f && c <= 0xff);
      if (!fits) {
        throw new IllegalArgumentException(
            "found character " + (int) c + " in a header (expected: a token, or text)");
      }
    }
  }
}
