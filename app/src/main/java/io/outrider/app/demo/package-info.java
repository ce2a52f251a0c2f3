/// `outrider demo`: a small MCP server made with the MCP Java SDK, behind a real Outrider, driven
/// by the SDK's own client.
@NullMarked
package io.outrider.app.demo;

import org.jspecify.annotations.NullMarked;
