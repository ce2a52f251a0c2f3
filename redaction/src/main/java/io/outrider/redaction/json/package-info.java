/// A JSON text as a searcher wants it: escapes resolved, nested JSON opened, and every byte
/// traceable to where it came from. Knows nothing of rules.
@NullMarked
package io.outrider.redaction.json;

import org.jspecify.annotations.NullMarked;
