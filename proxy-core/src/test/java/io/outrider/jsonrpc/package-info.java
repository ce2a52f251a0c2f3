@NullMarked
package io.outrider.jsonrpc;

import org.jspecify.annotations.NullMarked;
