/// What sinks share that speak over the network: TLS from PEM files, requests over HTTP.
@NullMarked
package io.outrider.sinks.net;

import org.jspecify.annotations.NullMarked;
