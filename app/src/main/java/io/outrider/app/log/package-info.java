/// The operator's log: one line an event, to standard error, with secrets taken out.
@NullMarked
package io.outrider.app.log;

import org.jspecify.annotations.NullMarked;
