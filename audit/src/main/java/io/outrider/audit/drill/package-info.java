/// Tampers with a copy of a log in every way we can think of, and shows what the verifier makes of
/// each. Knows the verifier and the format, not the writer, and never a private key of a log.
@NullMarked
package io.outrider.audit.drill;

import org.jspecify.annotations.NullMarked;
