package io.outrider.benchmarks;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs the redaction benchmarks and prints what they say as ratios of CPU time, each within one
/// run. Argument: `-q` for a quick look.
public final class RedactionTable {
  private static final List<String> TEXTS = List.of("natural", "dense", "secrets");
  private static final List<String> SIZES = List.of("1000", "64000", "4000000");

  /// Texts made to be slow: pieces that rules begin with, repeated, and near misses.
  private static final String[] FLOODS = {
    "ey",
    "key ",
    "key=",
    "curl ",
    "password=",
    "token: ",
    "secret ",
    "Bearer ",
    "https://a",
    "://",
    "@",
    "eyabcdefghijklmnopqrstuvw.",
    "-----BEGIN PRIVATE KEY-----",
    "api_key: \"abcdefghij\" ",
    "a",
    "1 ",
    "%41",
    "aGVsbG8g",
    "\n",
    "\\\"",
  };

  private final boolean quick;

  private RedactionTable(boolean quick) {
    this.quick = quick;
  }

  public static void main(String[] args) throws RunnerException {
    new RedactionTable(List.of(args).contains("-q")).run();
  }

  private void run() throws RunnerException {
    // CPU nanoseconds per message, by benchmark, text and size.
    Map<String, Double> cost = new TreeMap<>();
    Map<String, Double> allocated = new TreeMap<>();
    for (RunResult result :
        run(
            "three texts of three sizes, about five minutes",
            options(RedactionBenchmark.class.getSimpleName() + "\\.")
                .param("text", TEXTS.toArray(String[]::new))
                .param("size", SIZES.toArray(String[]::new))
                .addProfiler(GCProfiler.class))) {
      String key = key(result);
      cost.put(key, cpuPerMessage(result));
      result
          .getSecondaryResults()
          .forEach((name, value) -> {
            if (name.endsWith("gc.alloc.rate.norm")) {
              allocated.put(key, value.getScore());
            }
          });
    }
    print("text      size       us CPU  of Jackson  personal of plain  bytes allocated");
    for (String text : TEXTS) {
      for (String size : SIZES) {
        double plain = at(cost, "redact " + text + " " + size);
        double jackson = at(cost, "jackson " + text + " " + size);
        double personal = at(cost, "redactPersonal " + text + " " + size);
        print(
            "%-9s %-8s %9.2f  %9.2f  %16.2f  %15.0f",
            text,
            size,
            plain / 1e3,
            jackson / plain,
            plain / personal,
            at(allocated, "redact " + text + " " + size));
      }
    }
    floods(at(cost, "redact natural 64000"));
    latency();
    start();
  }

  private void floods(double usual) throws RunnerException {
    Map<String, Double> cost = new TreeMap<>();
    for (RunResult result :
        run(
            "floods, about two minutes",
            options(RedactionBenchmark.class.getSimpleName() + "\\.redact$")
                .param("text", FLOODS)
                .param("size", "64000")
                .warmupIterations(2)
                .measurementIterations(quick ? 1 : 3))) {
      cost.put(result.getParams().getParam("text"), cpuPerMessage(result));
    }
    print("%nfloods of 64 KB, slowest first: speed of the usual (natural text of that size)");
    cost.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(e -> print("%-32s %.3f", e.getKey().replace("\n", "\\n"), usual / e.getValue()));
  }

  private void latency() throws RunnerException {
    for (RunResult result :
        run(
            "p99",
            options(RedactionBenchmark.class.getSimpleName() + "\\.redact$")
                .param("text", "natural")
                .param("size", "1000")
                .mode(Mode.SampleTime))) {
      print(
          "%np99 added to a message of 1 KB, by the clock: %.1f us",
          result.getPrimaryResult().getStatistics().getPercentile(99) / 1e3);
    }
  }

  private void start() throws RunnerException {
    for (String flag : List.of("-XX:+TieredCompilation", "-XX:TieredStopAtLevel=1")) {
      for (RunResult result :
          run(
              "cold starts, " + flag,
              options(RedactionStartBenchmark.class.getSimpleName())
                  .warmupIterations(0)
                  .measurementIterations(1)
                  .forks(quick ? 1 : 5)
                  .jvmArgsAppend(flag))) {
        print(
            "reading and compiling the built-in rules, cold, %s: %.0f ms CPU",
            flag, cpuPerMessage(result) / 1e6);
      }
    }
  }

  private ChainedOptionsBuilder options(String include) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(include)
            .forks(1)
            .verbosity(VerboseMode.SILENT)
            .warmupTime(TimeValue.milliseconds(quick ? 300 : 1000))
            .measurementTime(TimeValue.milliseconds(quick ? 300 : 1000))
            .jvmArgsAppend(
                "-XX:+UseSerialGC", "-Doutrider.root=" + System.getProperty("outrider.root", "."));
    return quick ? options.warmupIterations(2).measurementIterations(2) : options;
  }

  private static Collection<RunResult> run(String what, ChainedOptionsBuilder options)
      throws RunnerException {
    System.err.println("measuring " + what + " ...");
    return new Runner(options.build()).run();
  }

  private static double cpuPerMessage(RunResult result) {
    Map<String, Result> secondary = result.getSecondaryResults();
    return Objects.requireNonNull(secondary.get("cpuNanos")).getScore()
        / Objects.requireNonNull(secondary.get("messages")).getScore();
  }

  private static String key(RunResult result) {
    String name = result.getParams().getBenchmark();
    return name.substring(name.lastIndexOf('.') + 1)
        + " "
        + result.getParams().getParam("text")
        + " "
        + result.getParams().getParam("size");
  }

  private static double at(Map<String, Double> values, String key) {
    Double value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("no result for " + key + " (found: " + values.keySet() + ")");
    }
    return value;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
