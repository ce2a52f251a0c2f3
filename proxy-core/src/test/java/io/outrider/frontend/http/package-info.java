@NullMarked
package io.outrider.frontend.http;

import org.jspecify.annotations.NullMarked;
