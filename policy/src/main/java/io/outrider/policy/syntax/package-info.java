/// Rego text to syntax tree: scanner, parser, the tree itself, source places and diagnostics.
///
/// The language is Rego v1 as published in the Open Policy Agent documentation (policy language and
/// policy reference).
@NullMarked
package io.outrider.policy.syntax;

import org.jspecify.annotations.NullMarked;
