/// The log as OpenTelemetry log records (OTLP over HTTP).
@NullMarked
package io.outrider.sinks.otlp;

import org.jspecify.annotations.NullMarked;
