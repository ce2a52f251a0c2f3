package io.outrider.benchmarks;

import io.outrider.redaction.Redaction;
import io.outrider.redaction.RedactionOptions;
import io.outrider.redaction.Redactor;
import io.outrider.redaction.RuleSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One look through one message with the built-in rules.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
public class RedactionBenchmark {

  /// Bytes of the message.
  @Param({"600", "10240", "65536"})
  int size;

  /// Whether up to five keys stand in it.
  @Param({"false", "true"})
  boolean secrets;

  private Redactor redactor;
  private byte[] message;

  @Setup
  public void prepare() {
    redactor = Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());
    message = Messages.result(size, secrets);
    boolean found = !(redactor.redact(message) instanceof Redaction.Clean);
    if (found != secrets) {
      throw new IllegalStateException("found a secret: " + found + " (expected: " + secrets + ")");
    }
  }

  @Benchmark
  public Redaction redact() {
    return redactor.redact(message);
  }
}
