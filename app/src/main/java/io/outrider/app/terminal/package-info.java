/// The world around a command: its streams, its environment, its folder, and where Outrider is
/// installed.
@NullMarked
package io.outrider.app.terminal;

import org.jspecify.annotations.NullMarked;
