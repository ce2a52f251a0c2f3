/// What can be said of values before they are there: the algebra of types, and types from JSON
/// schemas.
@NullMarked
package io.outrider.policy.types;

import org.jspecify.annotations.NullMarked;
