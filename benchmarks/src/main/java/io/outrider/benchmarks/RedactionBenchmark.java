package io.outrider.benchmarks;

import io.outrider.redaction.Redaction;
import io.outrider.redaction.RedactionOptions;
import io.outrider.redaction.Redactor;
import io.outrider.redaction.RuleSet;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// One look through one message with the built-in rules, beside a Jackson walk over the same bytes.
/// [RedactionTable] runs all of it and prints the ratios.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
public class RedactionBenchmark {
  private static final JsonFactory JACKSON = new JsonFactory();

  /// `natural`, `dense` (the words that rules wake up to), `secrets` (the same with a secret in
  /// every ten kilobytes), or a piece of text to repeat: a flood.
  @Param({"natural", "dense", "secrets"})
  String text;

  /// Characters of the text.
  @Param({"1000", "64000", "4000000"})
  int size;

  private Redactor redactor;
  private Redactor withPersonal;
  private byte[][] messages;
  private int next;

  /// CPU time of the benchmark's thread, beside the clock: other work on the machine does not
  /// count.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Cpu {
    /// Nanoseconds of CPU in the iteration.
    public long cpuNanos;

    /// Messages in the iteration.
    public long messages;

    private long start;

    @Setup(Level.Iteration)
    public void begin() {
      messages = 0;
      start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @TearDown(Level.Iteration)
    public void end() {
      cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    }
  }

  @Setup
  public void prepare() {
    RuleSet rules = RuleSet.builtin();
    redactor = Redactor.compile(rules, RedactionOptions.defaults());
    withPersonal =
        Redactor.compile(
            rules,
            RedactionOptions.defaults()
                .withGroups(Set.of("email", "card", "iban", "phone", "ip", "national-id")));
    messages = new byte[Math.max(1, Math.min(256, 4_000_000 / size))][];
    String all =
        switch (text) {
          case "natural" -> RedactionTexts.natural(size * messages.length);
          case "dense" -> RedactionTexts.dense(size * messages.length, false);
          case "secrets" -> RedactionTexts.dense(size * messages.length, true);
          default -> text.repeat(size * messages.length / text.length() + 1);
        };
    for (int i = 0; i < messages.length; i++) {
      messages[i] = RedactionTexts.result(all.substring(i * size, (i + 1) * size));
    }
  }

  private byte[] message(Cpu cpu) {
    cpu.messages++;
    next = next + 1 < messages.length ? next + 1 : 0;
    return messages[next];
  }

  /// Decode, search, validate, rewrite.
  @Benchmark
  public Redaction redact(Cpu cpu) {
    return redactor.redact(message(cpu));
  }

  /// The same with all groups of personal data on.
  @Benchmark
  public Redaction redactPersonal(Cpu cpu) {
    return withPersonal.redact(message(cpu));
  }

  /// What it is compared with: every token, and the length of every value.
  @Benchmark
  public int jackson(Cpu cpu) {
    int length = 0;
    try (JsonParser json = JACKSON.createParser(ObjectReadContext.empty(), message(cpu))) {
      while (json.nextToken() != null) {
        if (json.currentToken().isScalarValue()) {
          length += json.getStringLength();
        }
      }
    }
    return length;
  }
}
