package io.outrider.redaction;

import io.outrider.redaction.json.JsonText;
import io.outrider.redaction.scan.Matches;
import io.outrider.redaction.scan.Search;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The working memory of one redaction, kept between messages so that a clean one allocates
/// nothing.
final class Workspace {
  /// A few more than the event loops of a large machine; a thread that finds its slot empty makes a
  /// new one.
  private static final int SLOTS = 64;

  private static final AtomicReferenceArray<@Nullable Workspace> POOL =
      new AtomicReferenceArray<>(SLOTS);

  final JsonText text = new JsonText();
  final Search search = new Search();
  final Matches matches = new Matches();
  final StringView view = new StringView(text);

  private Workspace() {}

  static Workspace take() {
    Workspace kept = POOL.getAndSet(slot(), null);
    return kept != null ? kept : new Workspace();
  }

  void giveBack() {
    matches.clear();
    text.release();
    search.shrink();
    // Whoever takes it sees all of it; nobody waits for that to be seen.
    POOL.setRelease(slot(), this);
  }

  private static int slot() {
    return (int) Thread.currentThread().threadId() & SLOTS - 1;
  }
}
