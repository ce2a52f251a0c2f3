package io.outrider.audit;

import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Event;
import io.outrider.audit.record.Intent;
import io.outrider.audit.record.Outcome;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Refusal;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An append that waits for its acknowledgement. Whoever takes it out of the queue must acknowledge
/// it, once.
///
/// @param awaited whether the listener still waits; in [Durability#ASYNC] it was told when the
///   record was queued
/// @param urgent whether a caller is held up until the listener hears
record Pending(
    AuditRecord record, Executor ackOn, AppendListener listener, boolean awaited, boolean urgent) {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  /// What a record without a payload takes in memory, roughly.
  private static final int BASE_WEIGHT = 1_024;

  /// Rough bytes this holds on to while it waits.
  int weight() {
    return switch (record) {
      case Intent intent -> weight(intent.call());
      case Refusal refusal -> weight(refusal.call());
      case Outcome outcome -> BASE_WEIGHT + weight(outcome.response());
      case Event event -> BASE_WEIGHT;
    };
  }

  private static int weight(CallFacts call) {
    return BASE_WEIGHT + weight(call.input());
  }

  private static int weight(Payload payload) {
    String text = payload.redactedText();
    return text == null ? 0 : text.length();
  }

  void fail(AuditUnavailable reason) {
    if (awaited) {
      run(ackOn, () -> tell(listener, reason));
    }
  }

  static void tell(AppendListener listener, AuditUnavailable reason) {
    try {
      listener.failed(reason);
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("an audit listener threw when told of a failure");
    }
  }

  static void tell(AppendListener listener, Receipt receipt) {
    try {
      listener.durable(receipt);
    } catch (RuntimeException e) {
      log.atError()
          .setCause(e)
          .addKeyValue("index", receipt.index())
          .log("an audit listener threw when told of a receipt");
    }
  }

  /// Runs a task on `executor`, or here if that one is shut down: an acknowledgement must not
  /// vanish.
  static void run(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }
}
