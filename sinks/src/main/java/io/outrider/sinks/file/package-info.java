/// The log as lines in a file.
@NullMarked
package io.outrider.sinks.file;

import org.jspecify.annotations.NullMarked;
