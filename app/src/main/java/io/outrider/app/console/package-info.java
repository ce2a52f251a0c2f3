/// The page where a reviewer reads the audit log: a server of JSON and of a few files that show it.
/// Knows nothing of the proxy; reads the log's folder as anybody may.
@NullMarked
package io.outrider.app.console;

import org.jspecify.annotations.NullMarked;
