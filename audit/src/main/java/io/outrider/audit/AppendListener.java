package io.outrider.audit;

/// Told once, and only once, what became of an append; always on the executor named in the append.
public interface AppendListener {

  /// The record is as durable as the log's [Durability] promises.
  void durable(Receipt receipt);

  /// The record was not acknowledged. It may nevertheless be in the log if the machine failed while
  /// writing it.
  void failed(AuditUnavailable reason);
}
