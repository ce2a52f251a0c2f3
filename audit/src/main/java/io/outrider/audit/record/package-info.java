/// The things worth recording: one sealed set of plain records, free of any encoding.
@NullMarked
package io.outrider.audit.record;

import org.jspecify.annotations.NullMarked;
