/// The gates a call passes, in the order of CallPipeline#admit, and the way back of its answers.
@NullMarked
package io.outrider.enforce;

import org.jspecify.annotations.NullMarked;
