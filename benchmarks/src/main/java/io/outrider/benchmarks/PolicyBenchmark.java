package io.outrider.benchmarks;

import io.outrider.policy.Decision;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicySet;
import io.outrider.policy.PolicySource;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

/// One decision on one `tools/call` that is allowed: the shipped policies, and generated ones of
/// growing size.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
public class PolicyBenchmark {

  /// - `starter+guards`: a base with `paths`, `sql` and `shell` beside it, what an operator would
  ///   take;
  /// - the others as [GeneratedPolicies#of] has them.
  @Param({
    "allow-all",
    "starter",
    "starter+guards",
    "indexed-10",
    "indexed-100",
    "indexed-1000",
    "globs-10",
    "globs-100",
    "globs-1000",
    "scan-1000"
  })
  String policies;

  private PolicySet set;
  private RegoValue input;

  @Setup
  public void prepare() throws PolicyException, IOException {
    set =
        PolicySet.compile(
            LoadedPolicies.of(sources().toArray(PolicySource[]::new)), PolicyOptions.DEFAULT);
    input = RegoJson.read(GeneratedPolicies.CALL);
    Decision decision = set.decide(input);
    if (!(decision instanceof Decision.Allow)) {
      throw new IllegalStateException(policies + ": " + decision + " (expected: an allow)");
    }
  }

  @Benchmark
  public Decision decide() {
    return set.decide(input);
  }

  private List<PolicySource> sources() throws IOException {
    return switch (policies) {
      case "allow-all" -> List.of(shipped("allow-all/allow_all"));
      case "starter" -> starter();
      case "starter+guards" -> {
        List<PolicySource> all = new ArrayList<>(starter());
        for (String name :
            List.of(
                "paths/checks",
                "paths/paths",
                "sql/checks",
                "sql/settings",
                "sql/sql",
                "shell/checks",
                "shell/settings",
                "shell/shell")) {
          all.add(shipped(name));
        }
        all.add(edited("paths/settings", "\"/srv/example\"", "\"/srv/data\""));
        yield all;
      }
      default -> List.of(GeneratedPolicies.of(policies));
    };
  }

  private static List<PolicySource> starter() throws IOException {
    return List.of(
        shipped("starter/starter"),
        edited("starter/settings", "\"example-backend\": {\"example_tool\"}", "\"*\": {\"echo\"}"));
  }

  private static PolicySource edited(String name, String from, String to) throws IOException {
    String text = shipped(name).text();
    if (!text.contains(from)) {
      throw new IllegalStateException(name + ": no " + from + " in it any more");
    }
    return new PolicySource(name + ".rego", text.replace(from, to));
  }

  private static PolicySource shipped(String name) throws IOException {
    String file = name + ".rego";
    try (InputStream in = PolicyBenchmark.class.getResourceAsStream("policies/" + file)) {
      if (in == null) {
        throw new IOException("policies/" + file + ": not in this jar");
      }
      return new PolicySource(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
