@NullMarked
package io.outrider.app.config;

import org.jspecify.annotations.NullMarked;
