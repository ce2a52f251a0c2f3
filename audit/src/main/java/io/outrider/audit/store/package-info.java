/// The writer: journal, group commit, recovery, integration into tiles and the signing of
/// checkpoints.
@NullMarked
package io.outrider.audit.store;

import org.jspecify.annotations.NullMarked;
