/// What the parts cost: the decision, the redaction, the audit record, the reading of a message.
@NullMarked
package io.outrider.benchmarks;

import org.jspecify.annotations.NullMarked;
