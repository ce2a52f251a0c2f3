/// Tests that tell a secret from what only looks like one: checksums, structures, entropy,
/// placeholders. Knows nothing of rules or JSON.
@NullMarked
package io.outrider.redaction.check;

import org.jspecify.annotations.NullMarked;
