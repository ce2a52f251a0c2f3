@NullMarked
package io.outrider.app.log;

import org.jspecify.annotations.NullMarked;
