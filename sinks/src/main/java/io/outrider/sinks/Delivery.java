package io.outrider.sinks;

import io.outrider.audit.verify.PublishedLog.Signed;
import java.util.List;

/// What goes to a receiver at once: records in a row, or word that records are gone.
public sealed interface Delivery {

  /// A checkpoint that covers all of it.
  Signed checkpoint();

  /// Index of the first record.
  long from();

  /// Index behind the last record.
  long to();

  /// The same as things to send, at least one.
  List<Item> items();

  /// Name of the log; with an index it identifies a record for ever.
  default String origin() {
    return checkpoint().checkpoint().origin();
  }

  /// Whether the receiver, with this, has all that the checkpoint covers.
  default boolean reachesCheckpoint() {
    return to() == checkpoint().checkpoint().size();
  }

  /// Consecutive records.
  record Records(Signed checkpoint, List<Item> items) implements Delivery {
    public Records {
      items = List.copyOf(items);
      if (items.isEmpty()) {
        throw new IllegalArgumentException("items: none (expected: at least one)");
      }
    }

    @Override
    public long from() {
      return items.getFirst().index();
    }

    @Override
    public long to() {
      return items.getLast().index() + 1;
    }
  }

  /// Records that can never be sent, because the log no longer holds them. A receiver is told, so
  /// that nobody takes the hole for silence.
  record Gap(Signed checkpoint, long from, long to, String why) implements Delivery {
    public Gap {
      if (from >= to) {
        throw new IllegalArgumentException("gap: " + from + " to " + to + " (expected: not empty)");
      }
    }

    @Override
    public List<Item> items() {
      return List.of(Item.gap(origin(), from, to, why));
    }
  }
}
