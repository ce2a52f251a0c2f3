@NullMarked
package io.outrider.settings;

import org.jspecify.annotations.NullMarked;
