/// How many calls may be under way, and who waits.
///
/// [Limiter] admits calls under caps per upstream, per tool and per principal, under rates per
/// principal, and under whatever a policy adds to one call. What it admits is a [Ticket], which the
/// holder ends exactly once, when the response stream has ended. This package knows nothing of MCP,
/// Netty or the rest of the proxy: time, timers and event loops are handed to it.
@NullMarked
package io.outrider.limit;

import org.jspecify.annotations.NullMarked;
