/// The log as syslog messages (RFC 5424) over TCP or TLS.
@NullMarked
package io.outrider.sinks.syslog;

import org.jspecify.annotations.NullMarked;
