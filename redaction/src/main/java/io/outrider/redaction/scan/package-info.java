/// The search: rules compiled together, run over a decoded text.
@NullMarked
package io.outrider.redaction.scan;

import org.jspecify.annotations.NullMarked;
