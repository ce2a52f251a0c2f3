package io.outrider.benchmarks;

import io.outrider.policy.Decision;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicySet;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoValue;
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

/// What [PolicyTable] sets beside `opa bench`: each decision timed by itself, since goals are for
/// the median.
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
public class DecisionBenchmark {
  @Param({"indexed-10", "indexed-100", "indexed-1000", "globs-1000", "scan-1000"})
  String policies;

  private LoadedPolicies sources;
  private PolicySet set;
  private RegoValue input;

  @Setup
  public void prepare() throws PolicyException {
    sources = LoadedPolicies.of(GeneratedPolicies.of(policies));
    set = PolicySet.compile(sources, PolicyOptions.DEFAULT);
    input = RegoJson.read(GeneratedPolicies.CALL);
    Decision decision = set.decide(input);
    if (!(decision instanceof Decision.Allow)) {
      throw new IllegalStateException(policies + ": " + decision + " (expected: an allow)");
    }
  }

  /// One decision, its input parsed before.
  @Benchmark
  @BenchmarkMode(Mode.SampleTime)
  public Decision decide() {
    return set.decide(input);
  }

  /// Source text to a policy set that can decide.
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public PolicySet compile() throws PolicyException {
    return PolicySet.compile(sources, PolicyOptions.DEFAULT);
  }
}
