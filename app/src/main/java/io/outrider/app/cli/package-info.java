/// The command line. Each command is loaded only when it is asked for, and reads only what it
/// needs.
@NullMarked
package io.outrider.app.cli;

import org.jspecify.annotations.NullMarked;
