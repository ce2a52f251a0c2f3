package io.outrider.policy.tool;

import io.outrider.policy.RegoQuery;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Measures a query as `opa bench` does: after a warm-up, evaluations are timed one by one until
/// enough time has passed.
public final class Bench {
  /// Percentiles that opa prints, by the names it gives them.
  private static final double[] PERCENTILES = {75, 90, 95, 99, 99.9, 99.99};

  /// Samples beyond this are taken in place of earlier ones; it is memory for half a million.
  private static final int MAX_SAMPLES = 1 << 19;

  private final LongSupplier nanoClock;
  private final LongSupplier allocated;

  /// @param nanoClock such as `System::nanoTime`
  /// @param allocated bytes this thread has allocated so far, or -1 where the JVM cannot tell
  public Bench(LongSupplier nanoClock, LongSupplier allocated) {
    this.nanoClock = nanoClock;
    this.allocated = allocated;
  }

  /// What a run of a query cost.
  ///
  /// @param iterations how many evaluations were timed
  /// @param nanos how long they took in all
  /// @param bytes what they allocated in all, or -1 where the JVM cannot tell
  /// @param samples the duration of each, or of a part of them, in order of size
  public record Result(long iterations, long nanos, long bytes, long[] samples) {

    public double nanosPerOp() {
      return (double) nanos / iterations;
    }

    long percentile(double percent) {
      int index = (int) Math.ceil(percent / 100 * samples.length) - 1;
      return samples[Math.clamp(index, 0, samples.length - 1)];
    }

    /// As `opa bench --format json`, for what can be known here. `T` is nanoseconds in all, `N` the
    /// number of evaluations.
    public String json() {
      RegoObject.Builder extra = RegoObject.builder(12);
      extra.put("histogram_timer_rego_query_eval_ns_min", samples[0]);
      extra.put("histogram_timer_rego_query_eval_ns_max", samples[samples.length - 1]);
      extra.put("histogram_timer_rego_query_eval_ns_mean", nanos / iterations);
      extra.put("histogram_timer_rego_query_eval_ns_median", percentile(50));
      for (double percent : PERCENTILES) {
        extra.put("histogram_timer_rego_query_eval_ns_" + label(percent), percentile(percent));
      }
      RegoObject.Builder out =
          RegoObject.builder(6).put("N", iterations).put("T", nanos).put("Bytes", 0L);
      if (bytes >= 0) {
        out.put("MemBytes", bytes);
      }
      RegoValue times = extra.build();
      return RegoJson.marshalIndented(out.put("Extra", times).build(), "", "  ") + "\n";
    }

    /// One line as Go's benchmarks have it.
    public String goBench(String name) {
      return name
          + "\t"
          + iterations
          + "\t"
          + String.format(Locale.ROOT, "%12.1f ns/op", nanosPerOp())
          + (bytes >= 0 ? "\t" + bytes / iterations + " B/op" : "")
          + "\n";
    }

    /// A table.
    public String pretty() {
      Table table = new Table(List.of("samples", Long.toString(iterations)));
      row(table, "ns/op", String.format(Locale.ROOT, "%.0f", nanosPerOp()));
      if (bytes >= 0) {
        row(table, "B/op", Long.toString(bytes / iterations));
      }
      row(table, "min", Long.toString(samples[0]));
      row(table, "median", Long.toString(percentile(50)));
      for (double percent : PERCENTILES) {
        row(table, "p" + label(percent).replace("%", ""), Long.toString(percentile(percent)));
      }
      row(table, "max", Long.toString(samples[samples.length - 1]));
      return table.toString();
    }

    private static void row(Table table, String name, String value) {
      table.row(List.of(name, value));
    }

    private static String label(double percent) {
      return (percent == Math.rint(percent) ? "" + (long) percent : "" + percent) + "%";
    }
  }

  /// Warms up for `warmUp`, then measures for `measured`.
  public Result run(RegoQuery query, RegoValue input, Duration warmUp, Duration measured) {
    long until = nanoClock.getAsLong() + warmUp.toNanos();
    while (nanoClock.getAsLong() < until) {
      query.solutions(input);
    }
    long[] samples = new long[MAX_SAMPLES];
    long iterations = 0;
    long nanos = 0;
    long before = allocated.getAsLong();
    while (nanos < measured.toNanos()) {
      long start = nanoClock.getAsLong();
      query.solutions(input);
      long took = nanoClock.getAsLong() - start;
      samples[(int) (iterations++ % MAX_SAMPLES)] = took;
      nanos += took;
    }
    long after = allocated.getAsLong();
    long[] taken = Arrays.copyOf(samples, (int) Math.min(iterations, MAX_SAMPLES));
    Arrays.sort(taken);
    return new Result(iterations, nanos, before < 0 ? -1 : after - before, taken);
  }
}
