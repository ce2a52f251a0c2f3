/// Runs compiled policies: each rule is lowered once to a graph of small steps over an array of
/// slots, and a decision walks that graph. No name is looked up and no syntax is seen while a
/// policy runs.
@NullMarked
package io.outrider.policy.eval;

import org.jspecify.annotations.NullMarked;
