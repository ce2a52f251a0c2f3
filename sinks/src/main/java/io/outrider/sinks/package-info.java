/// Sends the audit log onward. Sinks read what is on disk, behind the append path; a slow or broken
/// one delays nobody. This package ships; the packages below are the receivers it ships to, and it
/// knows none of them.
@NullMarked
package io.outrider.sinks;

import org.jspecify.annotations.NullMarked;
