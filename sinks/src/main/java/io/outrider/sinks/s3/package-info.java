/// The log as objects in an S3 bucket: a mirror that any C2SP client can check.
@NullMarked
package io.outrider.sinks.s3;

import org.jspecify.annotations.NullMarked;
