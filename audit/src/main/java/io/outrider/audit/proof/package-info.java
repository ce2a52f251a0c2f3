/// The mathematics: RFC 6962 hashing, right edges, inclusion and consistency proofs.
@NullMarked
package io.outrider.audit.proof;

import org.jspecify.annotations.NullMarked;
