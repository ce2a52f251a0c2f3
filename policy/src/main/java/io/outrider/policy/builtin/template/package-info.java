/// Templates in the language of Go's `text/template`, as far as Rego values reach: without methods
/// and function values.
@NullMarked
package io.outrider.policy.builtin.template;

import org.jspecify.annotations.NullMarked;
