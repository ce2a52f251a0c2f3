package io.outrider.benchmarks;

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
import org.openjdk.jmh.annotations.Warmup;

/// What reading and compiling the built-in rules costs in a JVM that has just begun.
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(5)
public class RedactionStartBenchmark {

  @Benchmark
  public Redactor compile(RedactionBenchmark.Cpu cpu) {
    cpu.messages++;
    return Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());
  }
}
