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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Replays what a real OPA answered (src/test/oracle/record.py) and expects the same values, the
/// same undefined results and the same kinds of error. Where Outrider differs on purpose or by its
/// libraries, `deviations.txt` says so; a deviation that no longer is one fails too.
class BuiltinOracleTest {
  private static final Builtins BUILTINS = Builtins.enabling(Builtins.off());

  private record Recorded(String function, List<RegoValue> args, String expected, String line) {}

  @TestFactory
  Stream<DynamicTest> everyRecordedCallGivesWhatOpaGave() throws IOException {
    Map<String, List<Recorded>> byFunction = new TreeMap<>();
    for (String line : lines("oracle.jsonl")) {
      Recorded recorded = recorded(line);
      byFunction.computeIfAbsent(recorded.function, f -> new ArrayList<>()).add(recorded);
    }
    List<String> deviations =
        lines("deviations.txt").stream()
            .filter(l -> l.startsWith("{"))
            .map(l -> l.strip())
            .toList();
    return byFunction.entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(entry.getKey(), () -> check(entry.getValue(), deviations)));
  }

  private static void check(List<Recorded> calls, List<String> deviations) {
    List<String> wrong = new ArrayList<>();
    for (Recorded call : calls) {
      String found = run(call);
      boolean agrees = found.equals(call.expected);
      if (agrees == deviations.contains(call.line)) {
        wrong.add(
            agrees
                ? "no deviation any more: " + call.line
                : call.line + "\n     got " + found + "\n     exp " + call.expected);
      }
    }
    assertThat(wrong).as("%d of %d calls", wrong.size(), calls.size()).isEmpty();
  }

  private static String run(Recorded call) {
    Builtin builtin = requireNonNull(BUILTINS.find(call.function), () -> "no " + call.function);
    assertThat(call.args).as(call.line).hasSize(builtin.arity());
    BuiltinContext cx =
        new BuiltinContext(0, 1, new PatternCache(), BuiltinContext.Budget.UNLIMITED);
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
    return new Recorded(function, args, expected, line);
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
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
