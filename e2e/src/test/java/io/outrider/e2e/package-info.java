/// The whole product as a child process, between MCP servers and clients that nobody here wrote.
///
/// Nothing in this package calls Outrider's code: it starts `./outrider` and talks to it over HTTP,
/// standard input and the command line, as its users do.
@NullMarked
package io.outrider.e2e;

import org.jspecify.annotations.NullMarked;
