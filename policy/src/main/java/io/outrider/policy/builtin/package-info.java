/// The functions Rego policies may call, operators included. None of them reaches files, network or
/// environment.
@NullMarked
package io.outrider.policy.builtin;

import org.jspecify.annotations.NullMarked;
