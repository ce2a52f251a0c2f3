/// Child processes that speak one line at a time on stdin and stdout, looked after so that none is
/// left behind.
///
/// [ChildProcess] is one child; [Restart] decides when the next one may be started. Nothing here
/// knows MCP: a line is bytes.
@NullMarked
package io.outrider.upstream.stdio;

import org.jspecify.annotations.NullMarked;
