package io.outrider.policy;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.compile.Compiler;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.eval.Engine;
import io.outrider.policy.eval.EvalException;
import io.outrider.policy.eval.EvalOptions;
import io.outrider.policy.eval.Unknown;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Compiled policies, ready to judge. Immutable and safe for use by many threads.
///
/// The contract is that of the design: in every package named by [PolicyOptions#packages], `allow`
/// must be exactly `true` (except in the response phase) and `deny` empty; `warn`, `obligations`
/// and `labels` of all of them are united. Whatever goes wrong while judging is a deny with a cause
/// of its own.
public final class PolicySet {
  private final LoadedPolicies policies;
  private final PolicyOptions options;
  private final Engine engine;
  private final EvalOptions decisions;
  private final EvalOptions lists;
  private final Judge judge;
  private final boolean judgesResponses;
  private final boolean readsTool;

  private PolicySet(
      LoadedPolicies policies, PolicyOptions options, Program program, Engine engine) {
    this.policies = policies;
    this.options = options;
    this.engine = engine;
    this.decisions = evalOptions(options.limits());
    this.lists = decisions.withUnknowns(Unknown.of(paths(options.unknowns())));
    List<Entry> entries = options.packages().stream().map(p -> Entry.of(program, p)).toList();
    this.judge = new Judge(entries, program);
    Set<RuleDef> asked =
        entries.stream().flatMap(Entry::askedOfResponses).collect(Collectors.toSet());
    this.judgesResponses = program.readsInput(asked, Set.of("response", "phase"));
    Set<RuleDef> askedOfCalls =
        entries.stream().flatMap(Entry::askedOfRequests).collect(Collectors.toSet());
    this.readsTool = program.readsInput(askedOfCalls, Set.of("tool"));
  }

  /// Compiles policies; throws [PolicyException] with every problem found.
  public static PolicySet compile(LoadedPolicies policies, PolicyOptions options)
      throws PolicyException {
    Sources sources = Sources.parse(policies, options.regoVersion());
    Program program =
        sources.compile(
            new Compiler(Builtins.enabling(options.builtins()), false, options.strict()));
    return new PolicySet(policies, options, program, new Engine(program, sources.data(), false));
  }

  static EvalOptions evalOptions(Limits limits) {
    return new EvalOptions(
        limits.steps(),
        limits.depth(),
        limits.time().toNanos(),
        true,
        null,
        false,
        false,
        InstantSource.system(),
        new SharedRandom());
  }

  /// Each thread's own source of randomness, so that no decision waits for another.
  private static final class SharedRandom implements RandomGenerator {
    @Override
    public long nextLong() {
      return ThreadLocalRandom.current().nextLong();
    }
  }

  private static List<List<RegoValue>> paths(List<String> documents) {
    List<List<RegoValue>> paths = new ArrayList<>();
    for (String document : documents) {
      List<RegoValue> path = new ArrayList<>();
      for (String name : document.substring("input.".length()).split("\\.")) {
        path.add(RegoString.of(name));
      }
      paths.add(path);
    }
    return paths;
  }

  /// Names the policies: `sha256:` and 64 hexadecimal digits.
  public String digest() {
    return policies.digest();
  }

  /// The policies' texts, as [LoadedPolicies#content].
  public byte[] content() {
    return policies.content();
  }

  public PolicyOptions options() {
    return options;
  }

  /// The decision on a request, response or server request, by `input.phase`. Never throws: what
  /// fails is a deny.
  public Decision decide(RegoValue input) {
    try {
      return judge.decide(engine.session(input, decisions), input);
    } catch (EvalException e) {
      return Judge.failed(e);
    } catch (RuntimeException | StackOverflowError e) {
      return Judge.failed(e);
    }
  }

  /// Whether a tool may be shown, with the documents in [PolicyOptions#unknowns] unknown. Never
  /// throws.
  ///
  /// A tool is hidden only if no arguments can make the call allowed: if a `deny` holds whatever
  /// the arguments are, or no `allow` can. Beyond that a package may define `visible`: `false`
  /// hides. A `visible` that can only say `true` hides where it is undefined; one that says `false`
  /// for some has no opinion where it is undefined.
  public Visibility visibility(RegoValue input) {
    try {
      return judge.visibility(engine.session(input, lists));
    } catch (EvalException e) {
      return Judge.hidden(e);
    } catch (RuntimeException | StackOverflowError e) {
      return Judge.hidden(e);
    }
  }

  /// Whether a rule that is asked about responses may read `input.response` or the phase. If none
  /// does, responses need not be judged: `deny` cannot tell them apart from requests, and would
  /// only repeat what it said of the request. `allow` is not asked about responses, so what it
  /// reads does not count.
  public boolean judgesResponses() {
    return judgesResponses;
  }

  /// Whether a rule that is asked about calls may read `input.tool`. If none does, it does not
  /// matter what the server says about its tools.
  public boolean readsTool() {
    return readsTool;
  }

  /// Evaluates a query such as `data.outrider.allow`, for people and tools; see [PolicyTools].
  public Evaluation eval(String query, RegoValue input) {
    return PolicyTools.of(policies, options).eval(query, input);
  }
}
