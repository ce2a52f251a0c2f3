package io.outrider.upstream.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.outrider.mcp.SseDecoder;
import io.outrider.mcp.SseEvent;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// Takes an HTTP response apart the way Streamable HTTP means it: a stream of events, or one body.
abstract class McpResponse implements ResponseListener {

  private final int maxMessage;
  private @Nullable SseDecoder events;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private int status;
  private boolean json;
  private boolean over;

  McpResponse(int maxMessage) {
    this.maxMessage = maxMessage;
  }

  /// The head came.
  ///
  /// @return false to hear nothing more
  abstract boolean onHead(int status, HttpResponse response, boolean isStream);

  abstract void onEvent(SseEvent event);

  /// The body of a response that is not a stream.
  ///
  /// @param isJson whether it claims to be JSON
  abstract void onBody(int status, boolean isJson, byte[] body);

  abstract void onStreamEnd();

  /// The response cannot be used.
  ///
  /// @param isProtocol whether the upstream broke the protocol, rather than the connection
  abstract void onFailure(String why, boolean isProtocol);

  @Override
  public final void head(HttpResponse response) {
    status = response.status().code();
    CharSequence type = HttpUtil.getMimeType(response);
    json = type != null && "application/json".contentEquals(type);
    boolean stream = status == 200 && type != null && "text/event-stream".contentEquals(type);
    if (response.headers().contains(HttpHeaderNames.CONTENT_ENCODING)
        && !response.headers().containsValue(HttpHeaderNames.CONTENT_ENCODING, "identity", true)) {
      fail("found Content-Encoding in the answer (expected: identity, as asked)", true);
      return;
    }
    if (stream) {
      events = new SseDecoder(maxMessage);
    }
    over = !onHead(status, response, stream);
  }

  @Override
  public final void data(byte[] bytes) {
    if (over) {
      return;
    }
    if (events == null) {
      if (body.size() + bytes.length > maxMessage) {
        fail(
            "found an answer of more than " + maxMessage + " bytes (expected: at most that)", true);
        return;
      }
      body.writeBytes(bytes);
      return;
    }
    try {
      events.feed(bytes, this::onEvent);
    } catch (SseDecoder.EventTooLarge e) {
      fail(String.valueOf(e.getMessage()), true);
    }
  }

  @Override
  public final boolean gaveUp() {
    return over;
  }

  @Override
  public final void end() {
    if (over) {
      return;
    }
    over = true;
    if (events != null) {
      onStreamEnd();
    } else {
      onBody(status, json, body.toByteArray());
    }
  }

  @Override
  public final void broken(String why) {
    if (over) {
      return;
    }
    if (events != null) {
      over = true;
      onStreamEnd(); // to an event stream a lost connection is an end
      return;
    }
    fail(why, false);
  }

  private void fail(String why, boolean isProtocol) {
    over = true;
    onFailure(why, isProtocol);
  }
}
