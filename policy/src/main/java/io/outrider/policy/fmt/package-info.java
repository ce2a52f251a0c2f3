/// Writes modules in the one layout that `opa fmt` gives them.
///
/// The layout follows the source: what stood on one line stays on one line, what was broken into
/// lines is broken at the same places, and only indentation, spacing and blank lines are made
/// uniform.
@NullMarked
package io.outrider.policy.fmt;

import org.jspecify.annotations.NullMarked;
