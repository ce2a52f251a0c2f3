/// Looks at what the audit log stands on: disk, clock, rights, and the process that writes.
@NullMarked
package io.outrider.app.doctor;

import org.jspecify.annotations.NullMarked;
