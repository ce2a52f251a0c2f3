package io.outrider.policy.builtin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Replays what a real OPA answered (src/test/oracle/record.py) and expects the same values, the
/// same undefined results and the same kinds of error. Where Outrider differs on purpose or by its
/// libraries, `deviations.txt` says so; a deviation that no longer is one fails too.
class BuiltinOracleTest {
  private static final Builtins BUILTINS = Builtins.enabling(Builtins.off());

  /// When the recordings were made; some answers depend on it.
  private static final long RECORDED_AT = 1_795_827_600_000_000_000L;

  /// Its text tells `0` from `-0`, which are equal.
  private record Call(String function, List<RegoValue> args) {}

  private record Recorded(Call call, String expected, String line) {}

  @TestFactory
  Stream<DynamicTest> everyCallWrittenByHandGivesWhatOpaGave() throws IOException {
    return replay(lines("oracle.jsonl"));
  }

  @TestFactory
  Stream<DynamicTest> everyGeneratedCallGivesWhatOpaGave() throws IOException {
    return replay(lines("generated.jsonl.gz"));
  }

  private static Stream<DynamicTest> replay(List<String> lines) throws IOException {
    Map<String, List<Recorded>> byFunction = new TreeMap<>();
    for (String line : lines) {
      Recorded recorded = recorded(line);
      byFunction.computeIfAbsent(recorded.call.function, f -> new ArrayList<>()).add(recorded);
    }
    Set<String> deviations = new HashSet<>();
    for (String line : lines("deviations.txt")) {
      if (line.startsWith("{")) {
        deviations.add(recorded(line).call.toString());
      }
    }
    AtomicInteger calls = new AtomicInteger();
    List<DynamicTest> tests = new ArrayList<>();
    byFunction.forEach((function, recorded) ->
        tests.add(
            DynamicTest.dynamicTest(
                function,
                () -> {
                  check(recorded, deviations);
                  calls.addAndGet(recorded.size());
                })));
    tests.add(
        DynamicTest.dynamicTest(
            "count",
            () ->
                System.out.printf(
                    "built-ins: %d functions, %d of %d recorded calls replayed%n",
                    byFunction.size(), calls.get(), lines.size())));
    return tests.stream();
  }

  private static void check(List<Recorded> calls, Set<String> deviations) {
    List<String> wrong = new ArrayList<>();
    for (Recorded recorded : calls) {
      String found = run(recorded.call);
      boolean agrees = found.equals(recorded.expected);
      if (agrees == deviations.contains(recorded.call.toString())) {
        wrong.add(
            agrees
                ? "no deviation any more: " + recorded.line
                : recorded.line + "\n     got " + found + "\n     exp " + recorded.expected);
      }
    }
    assertThat(wrong).as("%d of %d calls", wrong.size(), calls.size()).isEmpty();
  }

  private static String run(Call call) {
    Builtin builtin = requireNonNull(BUILTINS.find(call.function), () -> "no " + call.function);
    assertThat(call.args).as(call.toString()).hasSize(builtin.arity());
    BuiltinContext cx =
        new BuiltinContext(RECORDED_AT, 1, new PatternCache(), BuiltinContext.Budget.UNLIMITED);
    try {
      RegoValue result = builtin.call(cx, call.args.toArray(new RegoValue[0]));
      return result == null ? "undefined" : RegoArray.of(result).toString();
    } catch (BuiltinException e) {
      return e.kind().code();
    }
  }

  private static Recorded recorded(String line) {
    RegoObject json = (RegoObject) RegoJson.read(line);
    List<RegoValue> args = new ArrayList<>();
    ((RegoArray) requireNonNull(json.get("a"))).forEach(a -> args.add(decoded(a)));
    String expected =
        json.get("r") instanceof RegoString result
            ? result.value()
            : json.get("e") instanceof RegoString error
                ? error.value().substring(0, error.value().indexOf(':'))
                : "undefined";
    String function = ((RegoString) requireNonNull(json.get("f"))).value();
    return new Recorded(new Call(function, args), expected, line);
  }

  /// Turns `{"$set": [...]}` into a set, at any depth.
  private static RegoValue decoded(RegoValue value) {
    if (value instanceof RegoObject object) {
      if (object.get("$set") instanceof RegoArray members) {
        RegoSet.Builder set = RegoSet.builder();
        members.forEach(member -> set.add(decoded(member)));
        return set.build();
      }
      RegoObject.Builder decoded = RegoObject.builder(object.size());
      object.forEach(entry -> decoded.put(entry.key(), decoded(entry.value())));
      return decoded.build();
    }
    if (value instanceof RegoArray array) {
      RegoArray.Builder decoded = RegoArray.builder();
      array.forEach(item -> decoded.add(decoded(item)));
      return decoded.build();
    }
    return value;
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = requireNonNull(BuiltinOracleTest.class.getResourceAsStream(resource))) {
      byte[] bytes =
          resource.endsWith(".gz") ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
  }
}
