package io.outrider.audit.verify;

import io.outrider.audit.format.Leaf;

/// One record as it was found.
///
/// @param checkpointed whether a checkpoint covered it when it was read; if not, it comes from the
///   journal alone
public record LogEntry(long index, Leaf leaf, boolean checkpointed) {}
