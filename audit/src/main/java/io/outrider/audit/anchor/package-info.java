/// Anchoring: asks others to vouch for the log's checkpoints, beside the log and never in its way.
@NullMarked
package io.outrider.audit.anchor;

import org.jspecify.annotations.NullMarked;
