/// A regular-expression engine over bytes that never backtracks, and the automaton of literals in
/// front of it. Knows nothing of rules or JSON.
///
/// The syntax is that of Go's `regexp` (RE2). Differences, all of them on text outside ASCII:
/// letters fold within ASCII only, and a class that holds every character beyond ASCII (`.`,
/// `[^"]`) steps byte by byte, so a count over it counts bytes.
@NullMarked
package io.outrider.redaction.match;

import org.jspecify.annotations.NullMarked;
