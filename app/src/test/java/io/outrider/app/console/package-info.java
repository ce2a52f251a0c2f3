@NullMarked
package io.outrider.app.console;

import org.jspecify.annotations.NullMarked;
