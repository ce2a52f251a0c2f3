/// Who is talking: opens calls from messages in both protocol eras and keeps legacy sessions.
@NullMarked
package io.outrider.session;

import org.jspecify.annotations.NullMarked;
