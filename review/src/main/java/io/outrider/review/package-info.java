/// What a reviewer of the audit log works with. Everything here reads the log through
/// `io.outrider.audit.verify` and can be deleted and built anew; nothing here is trusted by it.
@NullMarked
package io.outrider.review;

import org.jspecify.annotations.NullMarked;
