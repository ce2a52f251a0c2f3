/// `outrider.yaml`: one table of keys ([io.outrider.app.config.ConfigTable]) from which the file is
/// read, checked and documented.
///
/// Reading never stops at the first mistake: every problem comes with file, line, column, path, the
/// value found and the value expected.
@NullMarked
package io.outrider.app.config;

import org.jspecify.annotations.NullMarked;
