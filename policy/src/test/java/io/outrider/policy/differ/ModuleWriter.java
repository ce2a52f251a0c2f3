package io.outrider.policy.differ;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Writes modules at random from a grammar of Rego: most of it makes sense, and now and then a
/// variable has no value, a type does not fit or a name means nothing.
final class ModuleWriter {
  private static final List<String> STRINGS = List.of("\"a\"", "\"b.c\"", "\"\"", "`raw`");
  private static final List<String> NUMBERS = List.of("0", "1", "2.5", "-3", "1e3");
  private static final List<String> KEYS = List.of("foo", "bar", "name", "items", "if", "in");
  private static final List<String> OPERATORS =
      List.of("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "|", "&");

  /// Calls by shape: `s` a string, `n` a number, `a` an array, `t` a set, `o` an object, `x`
  /// anything.
  private static final List<String> CALLS =
      List.of(
          "startswith(s, s)",
          "endswith(s, s)",
          "contains(s, s)",
          "upper(s)",
          "lower(s)",
          "concat(s, a)",
          "split(s, s)",
          "replace(s, s, s)",
          "sprintf(s, a)",
          "trim(s, s)",
          "count(a)",
          "count(s)",
          "count(o)",
          "sum(a)",
          "max(a)",
          "min(t)",
          "sort(a)",
          "abs(n)",
          "ceil(n)",
          "round(n)",
          "numbers.range(n, n)",
          "to_number(s)",
          "format_int(n, n)",
          "array.concat(a, a)",
          "array.slice(a, n, n)",
          "array.reverse(a)",
          "object.get(o, x, x)",
          "object.keys(o)",
          "object.union(o, o)",
          "object.remove(o, a)",
          "union(t)",
          "intersection(t)",
          "is_string(x)",
          "is_number(x)",
          "type_name(x)",
          "json.marshal(x)",
          "json.unmarshal(s)",
          "base64.encode(s)",
          "regex.match(s, s)",
          "glob.match(s, a, s)",
          "time.now_ns()",
          "walk(x)",
          "net.cidr_contains(s, s)",
          "units.parse(s)",
          "crypto.md5(s)");

  private final Random random;
  private final List<String> rules = new ArrayList<>();
  private final List<String> functions = new ArrayList<>();
  private final List<Integer> arities = new ArrayList<>();
  private final List<String> imports = new ArrayList<>();
  private List<String> scope = new ArrayList<>();
  private int vars;
  private int depth;

  /// How often, in a hundred, something that does not fit is written on purpose.
  private final int mistakes;

  ModuleWriter(Random random, int mistakes) {
    this.random = random;
    this.mistakes = mistakes;
  }

  String write() {
    StringBuilder out = new StringBuilder();
    if (chance(10)) {
      out.append("# METADATA\n# title: generated\n").append(chance(50) ? "# scope: package\n" : "");
    }
    out.append("package ")
        .append(pick(List.of("p", "a.b", "outrider", "x[\"y z\"]")))
        .append("\n\n");
    int wanted = random.nextInt(3);
    for (int i = 0; i < wanted; i++) {
      out.append(importLine());
    }
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      out.append('\n');
      if (chance(8)) {
        out.append("# METADATA\n# title: rule ").append(i).append('\n');
        if (chance(40)) {
          out.append("# scope: ").append(pick(List.of("rule", "document"))).append('\n');
        }
        if (chance(30)) {
          out.append("# custom:\n#   level: ").append(random.nextInt(5)).append('\n');
        }
      }
      out.append(rule(i));
    }
    return out.toString();
  }

  private String importLine() {
    String path =
        pick(
            List.of(
                "data.lib.util",
                "input.request",
                "data.lib as helpers",
                "rego.v1",
                "future.keywords",
                "future.keywords.not",
                "future.keywords.and",
                "input.user as u",
                "data.other[\"k\"]",
                "rego.v2"));
    if (!path.contains("rego.") && !path.startsWith("future")) {
      int as = path.indexOf(" as ");
      if (as >= 0) {
        imports.add(path.substring(as + 4));
      } else if (path.endsWith("]")) {
        imports.add("k");
      } else {
        imports.add(path.substring(path.lastIndexOf('.') + 1));
      }
    }
    return "import " + path + "\n";
  }

  private String rule(int i) {
    scope = new ArrayList<>();
    vars = 0;
    String name = mistake() && !rules.isEmpty() ? pick(rules) : pick(List.of("p", "q", "r")) + i;
    String text =
        switch (random.nextInt(12)) {
          case 0 -> name + " := " + term(2) + "\n";
          case 1 -> {
            String body = body(2);
            yield name + " if " + body + "\n";
          }
          case 2 -> {
            String body = body(3);
            yield name + " := " + known() + " if " + body + "\n";
          }
          case 3 -> {
            String body = body(3);
            yield name + " contains " + known() + " if " + body + "\n";
          }
          case 4 -> {
            String body = body(3);
            yield name + "[" + known() + "] := " + known() + " if " + body + "\n";
          }
          case 5 -> {
            String body = body(2);
            yield name
                + "."
                + pick(KEYS)
                + "["
                + known()
                + "] contains "
                + known()
                + " if "
                + body
                + "\n";
          }
          case 6 ->
              "default " + name + " := " + constant() + "\n" + name + " := 1 if " + body(1) + "\n";
          case 7, 8 -> function("f" + i);
          case 9 -> {
            String first = name + " := 1 if " + body(2);
            scope = new ArrayList<>();
            yield first + " else := " + constant() + " if " + body(1) + "\n";
          }
          case 10 -> name + " contains " + constant() + "\n";
          default -> {
            String expr = expr();
            yield name + " if " + expr + "\n";
          }
        };
    rules.add(name);
    return text;
  }

  private String function(String name) {
    int arity = 1 + random.nextInt(2);
    List<String> args = new ArrayList<>();
    for (int i = 0; i < arity; i++) {
      args.add(chance(15) ? "_" : chance(10) ? constant() : fresh());
    }
    String body = body(2);
    String text =
        name
            + "("
            + String.join(", ", args)
            + ")"
            + (chance(70) ? " := " + known() : "")
            + " if "
            + body
            + "\n";
    if (chance(20)) {
      scope = new ArrayList<>();
      text +=
          name
              + "("
              + "_"
              + (arity == 2 ? ", _" : "")
              + ") := "
              + constant()
              + " if "
              + body(1)
              + "\n";
    }
    functions.add(name);
    arities.add(arity);
    return text;
  }

  private String fresh() {
    String name = "v" + vars++;
    scope.add(name);
    return name;
  }

  /// Statements, each in a line of its own.
  private String body(int most) {
    int count = 1 + random.nextInt(most);
    StringBuilder out = new StringBuilder("{\n");
    for (int i = 0; i < count; i++) {
      out.append("\t".repeat(depth + 1)).append(expr()).append('\n');
    }
    return out.append("\t".repeat(depth)).append('}').toString();
  }

  private String expr() {
    depth++;
    try {
      return switch (random.nextInt(depth > 3 ? 9 : 18)) {
        case 0, 1, 2 -> {
          String value = term(2);
          yield fresh() + " := " + value;
        }
        case 3 -> term(1) + " " + pick(OPERATORS.subList(0, 6)) + " " + term(1);
        case 4 -> ref();
        case 5 -> call();
        case 6 -> {
          String domain = collection();
          yield "some " + fresh() + " in " + domain;
        }
        case 7 -> term(1) + " = " + term(1);
        case 8 -> known() + " in " + collection();
        case 9 -> "not " + (chance(50) ? ref() : call());
        case 10 -> {
          String domain = collection();
          yield "some " + fresh() + ", " + fresh() + " in " + domain;
        }
        case 11 -> {
          String domain = collection();
          int before = scope.size();
          String var = fresh();
          String body = body(2);
          scope = new ArrayList<>(scope.subList(0, before));
          yield "every " + var + " in " + domain + " " + body;
        }
        case 12 -> ref() + " with input." + pick(KEYS) + " as " + term(1);
        case 13 -> {
          String value = term(1);
          yield "[" + fresh() + ", " + fresh() + "] := " + value;
        }
        case 14 -> {
          String var = fresh();
          yield "some " + var + "\n" + "\t".repeat(depth) + "input." + pick(KEYS) + "[" + var + "]";
        }
        case 15 -> "print(" + known() + ", " + term(1) + ")";
        case 16 -> "$\"x {" + known() + "}\" == " + pick(STRINGS);
        default -> {
          String value = term(1);
          yield fresh() + " := " + value + " with data.lib as " + term(1);
        }
      };
    } finally {
      depth--;
    }
  }

  private String known() {
    if (mistake()) {
      return "nowhere";
    }
    return scope.isEmpty() || chance(20) ? constant() : pick(scope);
  }

  private String ref() {
    String root =
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> "input";
          case 3 -> "data." + pick(List.of("lib", "p", "a.b"));
          case 4 -> imports.isEmpty() ? "input.user" : pick(imports);
          case 5 -> rules.isEmpty() ? "input" : pick(rules);
          default -> scope.isEmpty() ? "input" : pick(scope);
        };
    int keys = random.nextInt(3);
    StringBuilder out = new StringBuilder(root);
    for (int i = 0; i < keys; i++) {
      out.append(
          switch (random.nextInt(6)) {
            case 0 -> "[_]";
            case 1 -> "[" + known() + "]";
            case 2 -> "[" + pick(NUMBERS) + "]";
            default -> "." + pick(KEYS);
          });
    }
    return out.toString();
  }

  private String call() {
    if (!functions.isEmpty() && chance(30)) {
      int at = random.nextInt(functions.size());
      int arity = arities.get(at) + (mistake() ? 1 : 0);
      List<String> args = new ArrayList<>();
      for (int i = 0; i < arity; i++) {
        args.add(term(1));
      }
      return functions.get(at) + "(" + String.join(", ", args) + ")";
    }
    String shape = pick(CALLS);
    int open = shape.indexOf('(');
    String name = shape.substring(0, open);
    if (mistake() && chance(30)) {
      name = name.substring(0, name.length() - 1);
    }
    String inner = shape.substring(open + 1, shape.length() - 1);
    List<String> args = new ArrayList<>();
    for (String kind : inner.isEmpty() ? new String[0] : inner.split(", ")) {
      args.add(mistake() ? term(1) : typed(kind));
    }
    if (mistake() && chance(30) && !args.isEmpty()) {
      args.removeLast();
    }
    return name + "(" + String.join(", ", args) + ")";
  }

  private String typed(String kind) {
    if (chance(50)) {
      return chance(60) ? ref() : known();
    }
    return switch (kind) {
      case "s" -> pick(STRINGS);
      case "n" -> pick(NUMBERS);
      case "a" -> "[" + constant() + ", " + known() + "]";
      case "t" -> "{" + constant() + "}";
      case "o" -> "{\"foo\": " + constant() + "}";
      default -> term(1);
    };
  }

  private String collection() {
    return switch (random.nextInt(6)) {
      case 0 -> "[" + constant() + ", " + constant() + "]";
      case 1 -> "{" + constant() + ", " + known() + "}";
      case 2 -> "{\"foo\": " + constant() + ", \"bar\": " + known() + "}";
      case 3 -> comprehension();
      default -> ref();
    };
  }

  private String comprehension() {
    int before = scope.size();
    depth++;
    String body = expr();
    depth--;
    String head = known();
    String text =
        switch (random.nextInt(3)) {
          case 0 -> "[" + head + " | " + body + "]";
          case 1 -> "{" + head + " | " + body + "}";
          default -> "{" + constant() + ": " + head + " | " + body + "}";
        };
    scope = new ArrayList<>(scope.subList(0, before));
    return text;
  }

  private String term(int deep) {
    if (deep <= 0) {
      return chance(50) ? known() : constant();
    }
    return switch (random.nextInt(depth > 3 ? 9 : 12)) {
      case 0, 1 -> constant();
      case 2, 3, 4 -> ref();
      case 5 -> known();
      case 6 -> call();
      case 7 -> "[" + term(deep - 1) + ", " + term(deep - 1) + "]";
      case 8 -> "{\"foo\": " + term(deep - 1) + ", " + pick(STRINGS) + ": " + term(deep - 1) + "}";
      case 9 -> term(deep - 1) + " " + pick(OPERATORS) + " " + term(deep - 1);
      case 10 -> "{" + term(deep - 1) + ", " + term(deep - 1) + "}";
      default -> comprehension();
    };
  }

  private String constant() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> pick(STRINGS);
      case 3, 4, 5 -> pick(NUMBERS);
      case 6 -> pick(List.of("true", "false", "null"));
      case 7 -> "[1, \"a\"]";
      case 8 -> "{\"foo\": 1}";
      default -> pick(List.of("{1, 2}", "set()", "{}", "[]"));
    };
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private boolean mistake() {
    return chance(mistakes);
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
