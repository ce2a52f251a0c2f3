/// The log on a Kafka topic.
@NullMarked
package io.outrider.sinks.kafka;

import org.jspecify.annotations.NullMarked;
