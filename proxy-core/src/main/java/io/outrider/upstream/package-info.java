/// The servers behind the proxy. Nothing reaches one without a Permit.
@NullMarked
package io.outrider.upstream;

import org.jspecify.annotations.NullMarked;
