/// The bytes: leaves, journal batches, entry bundles, tiles, checkpoints, signed notes and proof
/// files, exactly as docs/audit-format.md states them.
@NullMarked
package io.outrider.audit.format;

import org.jspecify.annotations.NullMarked;
