package io.outrider.upstream.http;

import io.netty.handler.codec.http.HttpResponse;

/// Hears one HTTP response, in order, on the event loop of its connection. After [#end] or
/// [#broken] nothing follows.
interface ResponseListener {

  void head(HttpResponse response);

  /// @param bytes a piece of the body, owned by the listener
  void data(byte[] bytes);

  /// The response is complete.
  void end();

  /// Whether the listener wants nothing more of this response, because it cannot be used.
  boolean gaveUp();

  /// The connection failed before that.
  ///
  /// @param why what happened, for people
  void broken(String why);
}
