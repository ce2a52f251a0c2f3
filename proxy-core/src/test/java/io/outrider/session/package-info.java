@NullMarked
package io.outrider.session;

import org.jspecify.annotations.NullMarked;
