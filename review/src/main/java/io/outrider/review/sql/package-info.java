/// Free questions to the index in SQL, unable to change anything or to run for ever.
@NullMarked
package io.outrider.review.sql;

import org.jspecify.annotations.NullMarked;
