/// Upstreams spoken to over Streamable HTTP.
@NullMarked
package io.outrider.upstream.http;

import org.jspecify.annotations.NullMarked;
