/// What one running Outrider was told to do: immutable records that check themselves.
///
/// A [Settings] object that exists is valid; nothing downstream validates again. The package knows
/// neither YAML nor Netty: `app.config` reads the file, these records hold what it says, and the
/// live objects are built from them.
@NullMarked
package io.outrider.settings;

import org.jspecify.annotations.NullMarked;
