/// Sends the audit log onward. Sinks read what is on disk, behind the append path; a slow or broken
/// one delays nobody.
@NullMarked
package io.outrider.sinks;

import org.jspecify.annotations.NullMarked;
