package io.outrider.enforce;

import io.outrider.mcp.SseEvent;
import java.util.Map;

/// Where a client hears what belongs to one message of its own, or to its session. Used on one
/// event loop; after [#answer] or [#close] nothing more is said.
public interface ClientReply {

  /// The server began to stream: the client sees the head of the answer now.
  ///
  /// @param headers HTTP headers of that head; a pipe ignores them
  void openStream(Map<String, String> headers);

  /// A message before the answer.
  void event(SseEvent event);

  /// The last word.
  void answer(Answer answer);

  /// The last word as an event of a stream, with its id for resumption.
  void answer(Answer answer, SseEvent event);

  /// Ends without a last word: the answer comes on another stream, or nobody waits for it.
  void close();

  /// Whether more can be said without piling up in memory.
  boolean isWritable();

  /// Runs `task` once when [#isWritable] may have become true.
  void whenWritable(Runnable task);
}
