@NullMarked
package io.outrider.app.serve;

import org.jspecify.annotations.NullMarked;
