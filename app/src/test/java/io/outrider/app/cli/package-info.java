@NullMarked
package io.outrider.app.cli;

import org.jspecify.annotations.NullMarked;
