@NullMarked
package io.outrider.audit;

import org.jspecify.annotations.NullMarked;
