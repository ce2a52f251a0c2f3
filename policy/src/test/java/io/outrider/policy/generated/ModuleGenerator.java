package io.outrider.policy.generated;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes programs that use the whole language, and inputs and questions for them. The same seed
/// gives the same program.
///
/// Rules refer to those written before them, so nothing is recursive. Values come mostly from
/// `input` and `data`, whose types the type checker does not know; otherwise it would refuse most
/// of what is written here.
final class ModuleGenerator {
  private final long seed;
  private final Random random;
  private final List<Rule> rules = new ArrayList<>();
  private final List<String> locals = new ArrayList<>();
  private int names;
  private boolean ownModule;

  /// What a rule may be used for.
  private enum Kind {
    VALUE,
    SET,
    OBJECT,
    NESTED,
    FUNCTION_1,
    FUNCTION_2
  }

  private record Rule(String path, Kind kind) {}

  ModuleGenerator(long seed) {
    this.seed = seed;
    this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
  }

  Case generate() {
    List<String> modules = new ArrayList<>();
    if (chance(3)) {
      modules.add(module("lib.sub", 1 + random.nextInt(2)));
    }
    modules.add(module("t", 2 + random.nextInt(4)));
    String data =
        "{\"d\": %s, \"e\": {\"k\": %s, \"xs\": [%s, %s], \"n\": {\"a\": %s, \"1\": %s}}, \"t\": {\"base\": %s}}"
            .formatted(json(2), json(1), json(1), json(0), json(1), json(0), json(1));
    List<Case.Question> questions = new ArrayList<>();
    int inputs = 3 + random.nextInt(3);
    for (int i = 0; i < inputs; i++) {
      String input = chance(12) ? "" : input();
      questions.add(new Case.Question(query(), input, !chance(3)));
      if (chance(2)) {
        questions.add(new Case.Question(query(), input, !chance(3)));
      }
    }
    return new Case(seed, modules, data, questions);
  }

  // Choices.

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String fresh() {
    return "v" + names++;
  }

  /// A name that tells whether the type checker knows anything of what is taken from `source`.
  private String fresh(String source) {
    return (source.startsWith("input") || source.startsWith("data.e") || source.startsWith("data.d")
            ? "o"
            : "v")
        + names++;
  }

  /// A term of unknown type, without calls.
  private String opaque() {
    for (int i = 0; i < 3 && !locals.isEmpty(); i++) {
      String local = locals.get(random.nextInt(locals.size()));
      if (local.startsWith("o")) {
        return local;
      }
    }
    return switch (random.nextInt(10)) {
      case 0, 1 -> "input." + pick("a", "b", "n", "s", "zz", "f");
      case 2 -> "input." + pick("o.a", "o", "ns[0]", "os[1].a", "os[0].b", "st", "ns", "os");
      case 3 -> "data.d";
      case 4, 5 -> "data.e." + pick("k", "xs", "xs[0]", "n", "n.a", "n[1]", "zz", "xs[1]");
      case 6 -> "input.o[" + pick("\"a\"", "\"b\"", "input.s") + "]";
      case 7 -> "input.os[_].a";
      case 8 -> "data.e[input.s]";
      default -> "input.b[" + pick("0", "\"a\"", "input.a") + "]";
    };
  }

  private String local() {
    return locals.isEmpty() ? any(0) : locals.get(random.nextInt(locals.size()));
  }

  /// What is declared inside is not known outside.
  private String scoped(Supplier<String> inner) {
    int before = locals.size();
    String text = inner.get();
    while (locals.size() > before) {
      locals.removeLast();
    }
    return text;
  }

  // Values.

  private String json(int depth) {
    return switch (random.nextInt(depth > 0 ? 12 : 8)) {
      case 0 -> pick("0", "1", "2", "3", "-1");
      case 1 -> pick("1.5", "2.0", "10", "1e2", "0.1", "12345678901234567890");
      case 2, 3 -> pick("\"a\"", "\"b\"", "\"c\"", "\"ab\"", "\"\"", "\"é\"");
      case 4 -> pick("true", "false");
      case 5 -> "null";
      case 6 -> pick("1", "2");
      case 7 -> pick("\"a\"", "\"x.y\"");
      case 8, 9 -> "[" + list(random.nextInt(4), () -> json(depth - 1)) + "]";
      default -> {
        List<String> keys = new ArrayList<>(List.of("\"a\"", "\"b\"", "\"c\"", "\"1\"", "\"\""));
        List<String> entries = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          entries.add(keys.remove(random.nextInt(keys.size())) + ": " + json(depth - 1));
        }
        yield "{" + String.join(", ", entries) + "}";
      }
    };
  }

  private static String list(int size, Supplier<String> item) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      items.add(item.get());
    }
    return String.join(", ", items);
  }

  private String input() {
    if (chance(20)) {
      return json(2);
    }
    String numbers = "[" + list(random.nextInt(4), () -> pick("1", "2", "3", "5", "1.5")) + "]";
    String objects =
        "["
            + list(random.nextInt(4), () -> "{\"a\": " + json(0) + ", \"b\": " + json(1) + "}")
            + "]";
    List<String> fields =
        new ArrayList<>(
            List.of(
                "\"a\": " + json(1),
                "\"b\": " + json(2),
                "\"n\": " + pick("0", "1", "2", "3", "7", "2.5"),
                "\"s\": " + pick("\"a\"", "\"b\"", "\"abc\"", "\"A-b\"", "\"\""),
                "\"ns\": " + numbers,
                "\"os\": " + objects,
                "\"o\": "
                    + "{\"a\": "
                    + json(1)
                    + ", \"b\": "
                    + json(0)
                    + ", \"c\": "
                    + json(0)
                    + "}",
                "\"f\": " + pick("true", "false")));
    while (!fields.isEmpty() && chance(3)) {
      fields.remove(random.nextInt(fields.size()));
    }
    if (chance(8)) {
      fields.add("\"st\": " + pick("{1, 2}", "{\"a\", \"b\"}", "set()", "{[1], {\"a\": 1}}"));
    }
    return "{" + String.join(", ", fields) + "}";
  }

  // Modules and rules.

  private String module(String name, int size) {
    StringBuilder out = new StringBuilder("package " + name + "\n\n");
    ownModule = name.equals("t");
    for (int i = 0; i < size; i++) {
      String rule = (name.equals("t") ? "r" : "s") + i;
      locals.clear();
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      out.append(withoutUnused(rule(rule, kind))).append('\n');
      rules.add(new Rule("data." + name + "." + rule, kind));
    }
    return out.toString();
  }

  private static final Pattern VARIABLE = Pattern.compile("\\b[vo]\\d+\\b(?! :=)");

  /// Variables that occur once become `_`: to declare one and not use it is an error.
  private static String withoutUnused(String rule) {
    Map<String, Integer> uses = new HashMap<>();
    Matcher all = Pattern.compile("\\b[vo]\\d+\\b").matcher(rule);
    while (all.find()) {
      uses.merge(all.group(), 1, Integer::sum);
    }
    return VARIABLE
        .matcher(rule)
        .replaceAll(found -> uses.getOrDefault(found.group(), 0) == 1 ? "_" : found.group());
  }

  private String rule(String name, Kind kind) {
    StringBuilder out = new StringBuilder();
    int definitions = 1 + random.nextInt(3);
    switch (kind) {
      case VALUE -> {
        if (chance(3)) {
          out.append("default %s := %s\n".formatted(name, constant()));
        }
        boolean same = chance(2);
        String value = constant();
        for (int i = 0; i < definitions; i++) {
          out.append(complete(name, same ? value : null));
        }
      }
      case SET -> {
        for (int i = 0; i < definitions; i++) {
          out.append(
              scoped(() -> {
                String body = body(1 + random.nextInt(3));
                return "%s contains %s if {\n%s}\n".formatted(name, term(1), body);
              }));
        }
      }
      case OBJECT -> {
        for (int i = 0; i < definitions; i++) {
          out.append(
              scoped(() -> {
                String key = fresh();
                String source = collection();
                String body = chance(3) ? "" : body(1);
                boolean each = chance(2);
                locals.add(key);
                String value = each ? key : term(1);
                return "%s[%s] := %s if {\n\tsome %s in %s\n%s}\n"
                    .formatted(name, key, value, key, source, body);
              }));
        }
        if (chance(3)) {
          out.append("%s[%s] := %s\n".formatted(name, pick("\"a\"", "1", "[1]"), constant()));
        }
      }
      case NESTED -> {
        for (int i = 0; i < definitions; i++) {
          out.append(scoped(() -> nested(name)));
        }
      }
      case FUNCTION_1, FUNCTION_2 -> {
        if (chance(4)) {
          out.append(
              "default %s(%s) := %s\n"
                  .formatted(name, kind == Kind.FUNCTION_1 ? "_" : "_, _", constant()));
        }
        for (int i = 0; i < definitions; i++) {
          out.append(scoped(() -> function(name, kind == Kind.FUNCTION_1 ? 1 : 2)));
        }
      }
    }
    return out.toString();
  }

  private String complete(String name, @Nullable String value) {
    StringBuilder out = new StringBuilder();
    out.append(
        scoped(() -> {
          String body = body(1 + random.nextInt(3));
          return "%s := %s if {\n%s}".formatted(name, value != null ? value : headValue(), body);
        }));
    for (int i = random.nextInt(6) - 3; i > 0; i--) {
      out.append(
          scoped(() -> {
            String body = body(1);
            return " else := %s if {\n%s}".formatted(headValue(), body);
          }));
    }
    if (chance(8)) {
      out.append(" else := ").append(constant());
    }
    return out.append('\n').toString();
  }

  private String headValue() {
    return chance(2) ? constant() : term(1);
  }

  private String nested(String name) {
    String x = fresh();
    String y = fresh();
    String source = collection();
    String body = body(1);
    locals.add(x);
    locals.add(y);
    String head =
        switch (random.nextInt(4)) {
          case 0 -> "%s.p[%s].q := %s".formatted(name, x, y);
          case 1 -> "%s.m[%s] contains %s".formatted(name, x, y);
          case 2 -> "%s.w[%s][%s] := true".formatted(name, y, x);
          default -> "%s.p[%s] := {\"q\": %s}".formatted(name, x, y);
        };
    return "%s if {\n\tsome %s, %s in %s\n%s}\n".formatted(head, x, y, source, body);
  }

  private String function(String name, int arity) {
    List<String> args = new ArrayList<>();
    for (int i = 0; i < arity; i++) {
      String x = fresh();
      switch (random.nextInt(8)) {
        case 0 -> args.add(pick("1", "\"a\"", "true"));
        case 1 -> {
          String y = fresh();
          args.add("[%s, %s]".formatted(x, y));
          locals.add(x);
          locals.add(y);
        }
        case 2 -> {
          args.add("{\"a\": %s, \"b\": _}".formatted(x));
          locals.add(x);
        }
        default -> {
          args.add(x);
          locals.add(x);
        }
      }
    }
    String head = "%s(%s)".formatted(name, String.join(", ", args));
    if (chance(4)) {
      return "%s := %s\n".formatted(head, term(2));
    }
    StringBuilder out = new StringBuilder();
    out.append(
        scoped(() -> {
          String body = body(1 + random.nextInt(2));
          return "%s := %s if {\n%s}".formatted(head, headValue(), body);
        }));
    if (chance(4)) {
      out.append(
          scoped(() -> {
            String body = body(1);
            return " else := %s if {\n%s}".formatted(headValue(), body);
          }));
    }
    return out.append('\n').toString();
  }

  // Bodies.

  private String body(int size) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < size; i++) {
      out.append('\t').append(expression(2)).append('\n');
    }
    return out.toString();
  }

  private String inline(int size) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < size; i++) {
      out.append(i == 0 ? "" : "; ").append(expression(1));
    }
    return out.toString();
  }

  private String expression(int depth) {
    return switch (random.nextInt(depth > 0 ? 30 : 8)) {
      case 0 -> opaque() + pick(" == ", " != ") + constant();
      case 1 -> opaque() + pick(" == ", " != ", " < ", " <= ", " > ", " >= ") + any(1);
      case 2 -> any(1);
      case 3 -> term(1) + " in " + collection();
      case 4 -> opaque() + pick(" < ", " <= ", " > ", " >= ", " == ", " != ") + number(1);
      case 5 -> "startswith(" + string(1) + ", " + string(0) + ")";
      case 6 -> "input." + pick("f", "a", "b", "n", "zz");
      case 7 -> local() + pick(" == ", " != ") + opaque();
      case 8, 9 -> {
        String source = collection();
        String v = fresh(source);
        locals.add(v);
        yield "some %s in %s".formatted(v, source);
      }
      case 10 -> {
        String source = collection();
        String k = fresh(source);
        String v = fresh(source);
        locals.add(k);
        locals.add(v);
        yield "some %s, %s in %s".formatted(k, v, source);
      }
      case 11, 12 -> {
        String value = term(2);
        yield declared("", " := " + value);
      }
      case 13 -> {
        String source = collection();
        String x = fresh(source);
        yield "every %s in %s {%s}"
            .formatted(
                x,
                source,
                scoped(() -> {
                  locals.add(x);
                  return inline(1);
                }));
      }
      case 14 -> "not " + scoped(() -> expression(0));
      case 15 -> "not " + opaque() + pick(" == ", " != ", " < ") + any(1);
      case 16 -> "not " + call(1);
      case 17 -> {
        String from = opaque();
        String x = fresh(from);
        String y = fresh(from);
        locals.add(x);
        locals.add(y);
        yield pick(
                "[%s, %s] = %s",
                "[%s, %s] := %s", "{\"a\": %s, \"b\": %s} = %s", "[%s, [%s, _]] = %s")
            .formatted(x, y, from);
      }
      case 18 -> {
        String source = opaque();
        String i = fresh(source);
        locals.add(i);
        yield "%s[%s]".formatted(source, i);
      }
      case 19 -> {
        String source = opaque();
        String i = fresh(source);
        String x = fresh(source);
        locals.add(i);
        locals.add(x);
        yield "%s = %s[%s]".formatted(x, source, i);
      }
      case 20 -> "%s[_] == %s".formatted(opaque(), any(1));
      case 21, 22 -> scoped(() -> expression(0)) + with();
      case 23 -> {
        String value = scoped(() -> any(1)) + with();
        yield declared("", " := " + value);
      }
      case 24 -> {
        String name = fresh();
        String value = call(2);
        locals.add(name);
        yield name + " := " + value;
      }
      case 25 -> call(2);
      case 26 ->
          switch (random.nextInt(5)) {
            case 0 ->
                "glob.match(%s, %s, %s)"
                    .formatted(
                        pick("\"a*\"", "\"*\"", "\"a.*\"", "\"?b*\""),
                        pick("[]", "[\".\"]", "null"),
                        opaque());
            case 1 ->
                "regex.match(%s, %s)".formatted(pick("\"^a\"", "\"[a-c]+$\"", "\"\""), opaque());
            case 2 -> "endswith(%s, %s)".formatted(opaque(), pick("\"a\"", "\"b\"", "\"\""));
            case 3 ->
                "strings.any_prefix_match(%s, %s)"
                    .formatted(opaque(), pick("[\"a\", \"b\"]", "\"a\"", "{\"x\", \"A\"}"));
            default -> "startswith(%s, %s)".formatted(opaque(), pick("\"a\"", "\"b\"", "\"\""));
          };
      case 27 -> opaque() + " in " + pick("[1, 2, \"a\"]", "{\"a\", \"b\", 3}", "{\"k\": \"a\"}");
      case 28 -> pick("1", "\"a\"", "true") + " in " + opaque();
      default -> {
        String key = fresh();
        String value = "{%s: %s | some %s in %s}".formatted(key, term(1), key, collection());
        yield declared("", " := " + value);
      }
    };
  }

  private String declared(String before, String after) {
    String name = fresh();
    locals.add(name);
    return before + name + after;
  }

  private String with() {
    String value = chance(2) ? constant() : any(1);
    return switch (random.nextInt(6)) {
      case 0 -> " with input as " + (chance(2) ? "{\"a\": %s, \"n\": 1}".formatted(value) : value);
      case 1, 2 -> " with input.%s as %s".formatted(pick("a", "b", "n", "o.a", "s"), value);
      case 3 -> " with data.e.k as " + value;
      case 4 -> " with data.d as %s with input.a as %s".formatted(value, constant());
      default -> {
        for (Rule rule : rules) {
          if (rule.kind == Kind.FUNCTION_1) {
            yield " with %s as %s".formatted(rule.path, chance(2) ? "count" : constant());
          }
          if (rule.kind == Kind.VALUE && chance(2)) {
            yield " with %s as %s".formatted(rule.path, value);
          }
        }
        yield " with count as 2";
      }
    };
  }

  // Terms.

  /// Something that has keys, as far as the type checker knows.
  private String reference(String term) {
    return term.startsWith("input") || term.startsWith("data.e") || term.startsWith("o")
        ? term
        : "input.b";
  }

  private String constant() {
    return switch (random.nextInt(9)) {
      case 0 -> pick("0", "1", "2", "3");
      case 1 -> pick("1.5", "2.0", "10", "100");
      case 2, 3 -> pick("\"a\"", "\"b\"", "\"c\"", "\"\"");
      case 4 -> "true";
      case 5 -> pick("false", "null");
      case 6 -> pick("[]", "[1, 2]", "[\"a\", 1]", "[[1], {}]");
      case 7 -> pick("{}", "{\"a\": 1}", "{\"a\": {\"b\": 2}}", "{1: \"x\", [1]: null}");
      default -> pick("set()", "{1, 2}", "{\"a\"}", "{{1}, {\"a\": 1}}");
    };
  }

  /// A term of which nothing is known.
  private String any(int depth) {
    return switch (random.nextInt(depth > 0 ? 14 : 9)) {
      case 0, 1 -> "input." + pick("a", "b", "o.a", "o", "n", "s", "ns[0]", "os[1].a", "st", "zz");
      case 2 -> "data.d";
      case 3 -> "data.e." + pick("k", "xs", "xs[0]", "n", "n.a", "n[1]", "zz");
      case 4, 5 -> locals.isEmpty() ? "input.a" : local();
      case 6 -> ruleValue();
      case 7 -> "input." + pick("ns", "os", "o");
      case 8 ->
          chance(4)
              ? "data." + pick("t.base", "e", "e[\"k\"]", ownModule ? "lib.sub" : "e")
              : "input.b";
      case 9 -> "input.o[" + pick("\"a\"", "\"b\"", "input.s") + "]";
      case 10 -> reference(any(0)) + "[" + term(depth - 1) + "]";
      case 11 -> call(depth - 1);
      case 12 -> "data.e[" + pick("\"k\"", "\"xs\"", "input.s") + "]";
      default -> ruleValue();
    };
  }

  private String ruleValue() {
    if (rules.isEmpty()) {
      return "input.a";
    }
    Rule rule = rules.get(random.nextInt(rules.size()));
    return switch (rule.kind) {
      case VALUE -> rule.path;
      case SET -> chance(2) ? rule.path : rule.path + "[" + any(0) + "]";
      case OBJECT -> chance(2) ? rule.path : rule.path + "[" + any(0) + "]";
      case NESTED ->
          rule.path + pick("", ".p", ".m", ".p[0]", ".m[input.s]", ".w[input.n]", "[\"p\"][1].q");
      case FUNCTION_1 -> "%s(%s)".formatted(rule.path, any(0));
      case FUNCTION_2 -> "%s(%s, %s)".formatted(rule.path, any(0), any(0));
    };
  }

  private String collection() {
    return switch (random.nextInt(9)) {
      case 0 -> "input.ns";
      case 1 -> "input.os";
      case 2 -> "input.o";
      case 3 -> "[" + list(1 + random.nextInt(3), () -> term(0)) + "]";
      // The order of a set with variables in it is not part of the language.
      case 4 -> "{" + list(1 + random.nextInt(3), this::constant) + "}";
      case 5 -> "{\"a\": %s, \"b\": %s}".formatted(term(0), term(0));
      case 6 -> "data.e.xs";
      case 7 -> "data.e";
      default -> any(1);
    };
  }

  private String term(int depth) {
    return switch (random.nextInt(depth > 0 ? 15 : 5)) {
      case 0, 1 -> constant();
      case 2, 3, 4 -> any(depth);
      case 5 -> number(depth - 1);
      case 6 -> string(depth - 1);
      case 7 -> "[" + list(random.nextInt(3), () -> term(depth - 1)) + "]";
      case 8 -> "{" + list(1 + random.nextInt(2), () -> term(depth - 1)) + "}";
      case 9 -> "{%s: %s}".formatted(chance(2) ? "\"a\"" : any(0), term(depth - 1));
      case 10, 11, 12 -> comprehension(depth - 1);
      case 13 -> "$\"<{%s}>\"".formatted(locals.isEmpty() ? "input.a" : local());
      default -> call(depth - 1);
    };
  }

  private String comprehension(int depth) {
    return scoped(() -> {
      String source = collection();
      String x = fresh(source);
      locals.add(x);
      String rest = chance(2) ? "; " + expression(0) : "";
      String head = chance(2) ? x : term(0);
      return switch (random.nextInt(4)) {
        case 0 -> "[%s | some %s in %s%s]".formatted(head, x, source, rest);
        case 1 -> "{%s: %s | some %s in %s%s}".formatted(x, head, x, source, rest);
        default -> "{%s | some %s in %s%s}".formatted(head, x, source, rest);
      };
    });
  }

  private String number(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 4)) {
      case 0 -> pick("0", "1", "2", "3", "10", "0.5");
      case 1 -> "input.n";
      case 2 -> "input.ns[" + pick("0", "1") + "]";
      case 3 -> opaque();
      case 4 -> "count(" + opaque() + ")";
      case 5 ->
          chance(2) ? "sum(input.ns)" : "(input.n / (input.n - %s))".formatted(pick("1", "2", "0"));
      case 6 ->
          "(%s %s %s)".formatted(number(depth - 1), pick("+", "-", "*", "/", "/", "%"), number(0));
      default -> pick("abs", "round", "floor", "ceil") + "(" + number(depth - 1) + ")";
    };
  }

  private String string(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 4)) {
      case 0 -> pick("\"a\"", "\"abc\"", "\"\"", "\"-\"");
      case 1, 2 -> "input.s";
      case 3 -> opaque();
      case 4 -> pick("upper", "lower", "trim_space") + "(" + string(depth - 1) + ")";
      case 5 -> "concat(%s, [%s, %s])".formatted(string(0), string(0), string(0));
      case 6 -> "sprintf(\"%%v-%%v\", [%s, %s])".formatted(term(0), term(0)).replace("%%", "%");
      default -> "replace(%s, %s, %s)".formatted(string(0), string(0), string(0));
    };
  }

  private String call(int depth) {
    int d = Math.max(0, depth - 1);
    return switch (random.nextInt(22)) {
      case 0 -> "count(" + opaque() + ")";
      case 1 -> "object.get(%s, %s, %s)".formatted("input.o", term(0), term(0));
      case 2 -> "array.concat(%s, %s)".formatted(opaque(), opaque());
      case 3 -> "split(%s, %s)".formatted(string(d), string(0));
      case 4 -> "sort(" + opaque() + ")";
      case 5 -> pick("max", "min") + "(" + opaque() + ")";
      case 6 -> "contains(%s, %s)".formatted(string(d), string(0));
      case 7 -> "type_name(" + term(d) + ")";
      case 8 -> "object.union(%s, %s)".formatted("input.o", opaque());
      case 9 -> pick("is_string", "is_number", "is_object", "is_set") + "(" + any(0) + ")";
      case 10 -> "to_number(" + opaque() + ")";
      case 11 -> "(%s | %s)".formatted(set(d), set(0));
      case 12 -> "(%s & %s)".formatted(set(d), set(0));
      case 13 -> "(%s - %s)".formatted(set(d), set(0));
      case 14 -> "json.marshal(" + any(0) + ")";
      case 15 -> "numbers.range(%s, %s)".formatted(pick("0", "1", "input.n"), pick("3", "input.n"));
      case 16 ->
          "array.slice(%s, %s, %s)".formatted(opaque(), pick("0", "1"), pick("1", "2", "input.n"));
      case 17 -> "substring(%s, %s, %s)".formatted(string(d), pick("0", "1"), pick("1", "-1"));
      case 18 -> "object.keys(" + opaque() + ")";
      case 19 -> number(1);
      case 20 -> chance(2) ? string(1) : "json.unmarshal(" + string(0) + ")";
      default -> ruleValue();
    };
  }

  private String set(int depth) {
    return switch (random.nextInt(4)) {
      case 0 -> pick("{1, 2}", "{\"a\", \"b\"}", "set()");
      case 1 -> "input.st";
      case 2 -> "{%s}".formatted(term(0));
      default -> comprehensionOfSet(depth);
    };
  }

  private String comprehensionOfSet(int depth) {
    return scoped(() -> {
      String x = fresh();
      return "{%s | some %s in %s}".formatted(x, x, collection());
    });
  }

  // Questions.

  private String query() {
    Rule rule = rules.get(random.nextInt(rules.size()));
    return switch (rule.kind) {
      case FUNCTION_1 ->
          chance(2)
              ? "x = %s(input.a)".formatted(rule.path)
              : "x = %s(%s)".formatted(rule.path, constant());
      case FUNCTION_2 -> "x = %s(input.n, %s)".formatted(rule.path, constant());
      case SET -> chance(3) ? rule.path + "[x]" : "x = " + rule.path;
      case OBJECT -> chance(3) ? "%s[k] = x".formatted(rule.path) : "x = " + rule.path;
      case NESTED ->
          switch (random.nextInt(4)) {
            case 0 -> "x = %s.p[k].q".formatted(rule.path);
            case 1 -> "x = %s[i][k]".formatted(rule.path);
            case 2 -> "x = %s.m".formatted(rule.path);
            default -> "x = " + rule.path;
          };
      case VALUE ->
          switch (random.nextInt(8)) {
            case 0 -> "x = data.t";
            case 1 -> "x = data.t[k]";
            case 2 -> "x = data.lib.sub[k]";
            default -> "x = " + rule.path;
          };
    };
  }
}
