package io.outrider.frontend.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;

/// The answer to nearly every call, head and body as they stand on the wire: status 200, JSON, the
/// connection stays open, no further headers. Passes the encoder as it is.
record WholeReply(ByteBuf bytes) {

  private static final byte[] HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
          .getBytes(StandardCharsets.US_ASCII);

  private static final int LINE_BREAKS = 0x0d0a0d0a;
  private static final int MAX_DIGITS = 10;

  static WholeReply of(byte[] json, ByteBufAllocator alloc) {
    ByteBuf bytes = alloc.ioBuffer(HEAD.length + MAX_DIGITS + Integer.BYTES + json.length);
    bytes.writeBytes(HEAD);
    ByteBufUtil.writeAscii(bytes, Integer.toString(json.length));
    bytes.writeInt(LINE_BREAKS);
    bytes.writeBytes(json);
    return new WholeReply(bytes);
  }

  /// Netty's encoder for all other answers.
  static final class Encoder extends HttpResponseEncoder {
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
        throws Exception {
      if (message instanceof WholeReply reply) {
        ctx.write(reply.bytes, promise);
      } else {
        super.write(ctx, message, promise);
      }
    }
  }
}
