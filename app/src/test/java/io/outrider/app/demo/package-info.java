@NullMarked
package io.outrider.app.demo;

import org.jspecify.annotations.NullMarked;
