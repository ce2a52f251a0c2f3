/// CloudEvents 1.0 for records of the log.
@NullMarked
package io.outrider.sinks.event;

import org.jspecify.annotations.NullMarked;
