package io.outrider.sinks;

/// Hears what a person must know of a sink. Called on the sink's thread.
@FunctionalInterface
public interface ExportListener {
  /// Records from `from` up to but not with `to` never reach the receiver.
  void missed(String sink, long from, long to, String why);
}
