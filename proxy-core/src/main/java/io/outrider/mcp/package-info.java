/// What MCP says on the wire: methods, revisions, headers, events. No state.
@NullMarked
package io.outrider.mcp;

import org.jspecify.annotations.NullMarked;
