/// The reader: verification, proofs, queries and following, built without a line of the writer.
@NullMarked
package io.outrider.audit.verify;

import org.jspecify.annotations.NullMarked;
