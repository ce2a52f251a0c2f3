/// The log as HTTP requests.
@NullMarked
package io.outrider.sinks.http;

import org.jspecify.annotations.NullMarked;
