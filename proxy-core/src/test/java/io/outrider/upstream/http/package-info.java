@NullMarked
package io.outrider.upstream.http;

import org.jspecify.annotations.NullMarked;
