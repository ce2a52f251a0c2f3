/// The audit log as the proxy sees it: open, append, be told when a record is durable, ask how it
/// is.
@NullMarked
package io.outrider.audit;

import org.jspecify.annotations.NullMarked;
