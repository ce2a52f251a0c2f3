package io.outrider.policy;

import java.util.Random;

/// Writes small policies at random: helpers of every kind over `input.arguments`, known input and
/// constants.
final class PolicyGenerator {
  private final Random random;
  private int vars;

  PolicyGenerator(Random random) {
    this.random = random;
  }

  String module() {
    StringBuilder out = new StringBuilder("package outrider\n");
    int helpers = 4;
    for (int i = helpers - 1; i >= 0; i--) {
      out.append(helper(i, helpers));
    }
    int allows = 1 + random.nextInt(3);
    for (int i = 0; i < allows; i++) {
      out.append("allow if {\n").append(body(0, helpers, 1 + random.nextInt(3))).append("}\n");
    }
    if (random.nextInt(3) == 0) {
      out.append("default allow := ").append(random.nextInt(4) == 0).append('\n');
    }
    if (random.nextInt(3) == 0) {
      out.append("deny contains \"d\" if {\n").append(body(0, helpers, 2)).append("}\n");
    }
    if (random.nextInt(6) == 0) {
      out.append("visible := false if {\n").append(body(0, helpers, 2)).append("}\n");
    }
    return out.toString();
  }

  /// A helper may use those with larger numbers, so that nothing is recursive.
  private String helper(int i, int helpers) {
    int next = i + 1;
    String head = "h" + i;
    return switch (random.nextInt(6)) {
      case 0 -> "%s if {\n%s}\n".formatted(head, body(next, helpers, 2));
      case 1 ->
          "%s := %s if {\n%s} else := %s if {\n%s}\n"
              .formatted(
                  head, constant(), body(next, helpers, 1), constant(), body(next, helpers, 1));
      case 2 -> {
        String x = fresh();
        yield "%s contains %s if {\n  %s = %s\n%s}\n"
            .formatted(head, x, x, term(next, helpers, 1), body(next, helpers, 1));
      }
      case 3 -> {
        String k = fresh();
        yield "%s[%s] := %s if {\n  some %s in [1, 2, \"x\"]\n%s}\n"
            .formatted(head, k, constant(), k, body(next, helpers, 1));
      }
      case 4 ->
          "%s := %s if {\n%s}\n%s := %s if {\n%s}\n"
              .formatted(
                  head,
                  constant(),
                  body(next, helpers, 1),
                  head,
                  constant(),
                  body(next, helpers, 1));
      default ->
          "default %s := %s\n%s := %s if {\n%s}\n"
              .formatted(head, constant(), head, term(next, helpers, 1), body(next, helpers, 1));
    };
  }

  private String body(int from, int helpers, int size) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < size; i++) {
      out.append("  ").append(expr(from, helpers)).append('\n');
    }
    return out.toString();
  }

  private String expr(int from, int helpers) {
    String a = term(from, helpers, 2);
    String b = term(from, helpers, 1);
    return switch (random.nextInt(14)) {
      case 0 -> a;
      case 1 -> a + " == " + b;
      case 2 -> a + " != " + b;
      case 3 -> a + " < " + b;
      case 4 -> "not " + a;
      case 5 -> "not " + a + " == " + b;
      case 6 -> a + " in " + b;
      case 7 -> "not " + a + " in " + b;
      case 8 -> {
        String x = fresh();
        yield "some %s in %s; %s == %s".formatted(x, a, x, b);
      }
      case 9 -> {
        String x = fresh();
        yield "every %s in %s { %s == %s }".formatted(x, a, x, b);
      }
      case 10 -> {
        String x = fresh();
        yield "%s := %s; %s != %s".formatted(x, a, x, b);
      }
      case 11 -> a + " with input.arguments.a as " + b;
      case 12 -> {
        String x = fresh();
        String y = fresh();
        yield "[%s, %s] = %s; %s == %s".formatted(x, y, a, x, b);
      }
      default -> "count(%s) > 0".formatted("{z | z := " + a + "}");
    };
  }

  private String term(int from, int helpers, int depth) {
    int kind = random.nextInt(depth > 0 ? 11 : 6);
    String helper = from < helpers ? "h" + (from + random.nextInt(helpers - from)) : "input.u";
    return switch (kind) {
      case 0 -> constant();
      case 1 -> "input.u";
      case 2 -> "input.v";
      case 3 -> "input.arguments." + "abc".charAt(random.nextInt(3));
      case 4 -> helper;
      case 5 -> "input.arguments";
      case 6 -> helper + "[" + term(from, helpers, depth - 1) + "]";
      case 7 -> "[" + term(from, helpers, depth - 1) + ", " + term(from, helpers, depth - 1) + "]";
      case 8 -> "input.v[" + term(from, helpers, depth - 1) + "]";
      case 9 -> {
        String x = fresh();
        yield "{%s | some %s in %s}".formatted(x, x, term(from, helpers, depth - 1));
      }
      default -> "{\"a\": " + term(from, helpers, depth - 1) + "}";
    };
  }

  private String constant() {
    return switch (random.nextInt(5)) {
      case 0 -> "1";
      case 1 -> "2";
      case 2 -> "\"x\"";
      case 3 -> "true";
      default -> "false";
    };
  }

  private String fresh() {
    return "x" + vars++;
  }
}
