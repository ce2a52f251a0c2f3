/// Counters and timers, named once.
@NullMarked
package io.outrider.telemetry;

import org.jspecify.annotations.NullMarked;
