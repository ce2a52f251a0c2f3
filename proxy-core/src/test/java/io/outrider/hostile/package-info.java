/// Messages that are malformed or mean harm, as files, and the runner that sends them to a proxy.
@NullMarked
package io.outrider.hostile;

import org.jspecify.annotations.NullMarked;
