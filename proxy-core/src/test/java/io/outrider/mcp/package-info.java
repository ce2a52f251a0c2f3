@NullMarked
package io.outrider.mcp;

import org.jspecify.annotations.NullMarked;
