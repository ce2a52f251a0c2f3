package io.outrider.audit.verify;

import java.io.IOException;
import java.util.List;

/// Finds anchors of one kind beside a log and checks them, all but whether the log begins with the
/// checkpoints they are about, which the verifier does.
public interface AnchorReader {

  /// The newest anchors that were found.
  List<Found> read(LogSource source) throws IOException;

  /// What was found.
  ///
  /// @param note the checkpoint it is about
  /// @param trouble why it proves nothing; empty if it stands
  record Found(Anchor anchor, byte[] note, String trouble) {}
}
