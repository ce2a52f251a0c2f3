/// What `outrider policy test`, `eval` and `check` do, apart from reading the command line: run,
/// and print as text or JSON.
///
/// Names and JSON are those of `opa` where `opa` has the same thing.
@NullMarked
package io.outrider.policy.tool;

import org.jspecify.annotations.NullMarked;
