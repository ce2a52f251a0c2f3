package io.outrider.benchmarks;

import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicySet;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Measures decisions here and by `opa bench` in one run, over the same policies and the same
/// input, and prints them side by side. Run by `policy.sh`.
///
/// `opa bench` answers the query `data.outrider`, which has the documents that a decision asks for.
public final class PolicyTable {
  private record Row(String policies, double goalMicros, double goalBytes) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("indexed-10", 2, 2 * 1024),
          new Row("indexed-100", 4, 3 * 1024),
          new Row("indexed-1000", 6, 4 * 1024),
          new Row("scan-1000", 150, 16 * 1024));

  private static final double GOAL_RATIO = 10;
  private static final double GOAL_COMPILE_MILLIS = 300;

  private record Theirs(double medianMicros, double bytes) {}

  private PolicyTable() {}

  /// @param args the path of `opa`, a folder to work in, and the seconds of one measurement
  public static void main(String[] args) throws RunnerException, IOException, InterruptedException {
    Path work = Files.createDirectories(Path.of(args[1]));
    int seconds = Integer.parseInt(args[2]);
    System.out.printf("%nload average before: %s%n", load());
    double cold = coldCompileMillis();
    List<String> lines = new ArrayList<>();
    boolean all = true;
    for (Row row : ROWS) {
      Theirs opa = opa(args[0], work, row.policies);
      RunResult ours = run("decide", row.policies, seconds);
      double micros = ours.getPrimaryResult().getStatistics().getPercentile(50) / 1000;
      double bytes =
          Objects.requireNonNull(ours.getSecondaryResults().get("gc.alloc.rate.norm")).getScore();
      double ratio = opa.medianMicros / micros;
      boolean met = micros <= row.goalMicros && bytes <= row.goalBytes && ratio >= GOAL_RATIO;
      all &= met;
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.0f | %.1f | %.0f | %.1f | %.0f | %.0f | %s |",
              row.policies,
              micros,
              row.goalMicros,
              bytes / 1024,
              row.goalBytes / 1024,
              opa.medianMicros,
              opa.bytes / 1024,
              ratio,
              met ? "yes" : "no"));
    }
    double warm = run("compile", "indexed-1000", seconds).getPrimaryResult().getScore() / 1e6;
    System.out.printf("%nload average after: %s%n%n", load());
    System.out.println(
        "| policies | p50 µs | goal | KiB | goal | opa p50 µs | opa KiB | times faster (goal 10) | met |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    lines.forEach(System.out::println);
    System.out.printf(
        Locale.ROOT,
        "%ncompiling 1,000 rules: %.1f ms (goal: %.0f ms); the first time in a new process, before"
            + " the JIT has seen anything, %.0f ms of CPU%n",
        warm,
        GOAL_COMPILE_MILLIS,
        cold);
    if (!all || warm > GOAL_COMPILE_MILLIS) {
      System.out.println("A goal is not met.");
      System.exit(1);
    }
  }

  private static String load() throws IOException {
    Path file = Path.of("/proc/loadavg");
    return Files.exists(file) ? Files.readString(file).strip() : "unknown";
  }

  /// The first compilation in this process, before anything else has warmed it up.
  private static double coldCompileMillis() throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    try {
      PolicySet.compile(
          LoadedPolicies.of(GeneratedPolicies.of("indexed-1000")), PolicyOptions.DEFAULT);
    } catch (PolicyException e) {
      throw new IOException(e);
    }
    return (threads.getCurrentThreadCpuTime() - start) / 1e6;
  }

  private static RunResult run(String method, String policies, int seconds) throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(DecisionBenchmark.class.getName() + "." + method + "$")
                .param("policies", policies)
                .addProfiler(GCProfiler.class)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(seconds))
                .measurementIterations(3)
                .measurementTime(TimeValue.seconds(seconds))
                .forks(1)
                .build())
        .runSingle();
  }

  private static Theirs opa(String opa, Path work, String policies)
      throws IOException, InterruptedException {
    Path rego = work.resolve(policies + ".rego");
    Path input = work.resolve("input.json");
    Path out = work.resolve(policies + ".json");
    Files.writeString(rego, GeneratedPolicies.of(policies).text());
    Files.writeString(input, GeneratedPolicies.CALL);
    Process process =
        new ProcessBuilder(
                opa,
                "bench",
                "-d",
                rego.toString(),
                "-i",
                input.toString(),
                "--format",
                "json",
                "data.outrider")
            .redirectOutput(Redirect.to(out.toFile()))
            .redirectError(Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("opa bench ended with " + process.exitValue() + "; see " + out);
    }
    RegoObject result = (RegoObject) RegoJson.read(Files.readString(out, StandardCharsets.UTF_8));
    RegoObject extra = (RegoObject) result.get("Extra");
    if (extra == null) {
      throw new IOException(out + ": no histogram");
    }
    return new Theirs(
        number(extra, "histogram_timer_rego_query_eval_ns_median") / 1000,
        number(result, "MemBytes") / number(result, "N"));
  }

  private static double number(RegoObject object, String key) throws IOException {
    RegoValue value = object.get(key);
    if (value instanceof RegoNumber n) {
      return n.asDouble();
    }
    throw new IOException(key + ": " + value + " (expected: a number)");
  }
}
