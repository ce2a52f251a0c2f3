package io.outrider.policy.builtin.template;

import io.outrider.policy.builtin.template.Template.Values;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The functions that templates may call.
public final class Functions {
  private final BiFunction<String, RegoArray, String> printf;
  private final UnaryOperator<String> urlQuery;

  /// @param printf formats values as `sprintf` does
  /// @param urlQuery escapes text for a query
  public Functions(BiFunction<String, RegoArray, String> printf, UnaryOperator<String> urlQuery) {
    this.printf = printf;
    this.urlQuery = urlQuery;
  }

  @Nullable Object call(String name, List<@Nullable Object> args) {
    return switch (name) {
      case "not" -> RegoBoolean.of(!Values.isTrue(exactly(name, args, 1).getFirst()));
      case "len" -> length(exactly(name, args, 1).getFirst());
      case "index" -> index(atLeast(name, args, 1));
      case "slice" -> slice(atLeast(name, args, 1));
      case "print" -> RegoString.of(print(args));
      case "println" -> RegoString.of(println(args));
      case "printf" -> RegoString.of(printf(atLeast(name, args, 1)));
      case "html" -> RegoString.of(html(printable(args)));
      case "js" -> RegoString.of(js(printable(args)));
      case "urlquery" -> RegoString.of(urlQuery.apply(printable(args)));
      case "eq" -> RegoBoolean.of(anyEqual(atLeast(name, args, 2)));
      case "ne" -> {
        exactly(name, args, 2);
        yield RegoBoolean.of(!isEqual(args.get(0), args.get(1)));
      }
      case "lt" -> RegoBoolean.of(order(exactly(name, args, 2)) < 0);
      case "le" -> RegoBoolean.of(order(exactly(name, args, 2)) <= 0);
      case "gt" -> RegoBoolean.of(order(exactly(name, args, 2)) > 0);
      case "ge" -> RegoBoolean.of(order(exactly(name, args, 2)) >= 0);
      default -> throw new TemplateException("error calling " + name + ": no function to call");
    };
  }

  private static List<@Nullable Object> exactly(String name, List<@Nullable Object> args, int n) {
    if (args.size() != n) {
      throw new TemplateException(
          "wrong number of args for " + name + ": want " + n + " got " + args.size());
    }
    return args;
  }

  private static List<@Nullable Object> atLeast(String name, List<@Nullable Object> args, int n) {
    if (args.size() < n) {
      throw new TemplateException(
          "wrong number of args for " + name + ": want at least " + n + " got " + args.size());
    }
    return args;
  }

  private static Object length(@Nullable Object value) {
    return switch (value) {
      case RegoArray a -> (long) a.size();
      case RegoObject o -> (long) o.size();
      case RegoString s -> (long) s.value().getBytes(StandardCharsets.UTF_8).length;
      case RegoNumber n -> (long) n.text().length();
      case null, default -> throw new TemplateException("error calling len: len of type");
    };
  }

  private static @Nullable Object index(List<@Nullable Object> args) {
    Object at = args.getFirst();
    if (at == null || at == RegoNull.NULL) {
      throw new TemplateException("error calling index: index of untyped nil");
    }
    for (Object key : args.subList(1, args.size())) {
      at =
          switch (at) {
            case RegoArray array -> {
              if (!(key instanceof Long i)) {
                throw new TemplateException("error calling index: cannot index slice/array");
              }
              if (i < 0 || i >= array.size()) {
                throw new TemplateException("error calling index: index out of range: " + i);
              }
              yield array.get(i.intValue());
            }
            case RegoObject object -> {
              if (!(key instanceof RegoString s)) {
                throw new TemplateException("error calling index: value has wrong type for key");
              }
              yield object.get(s.value());
            }
            case RegoString s -> {
              byte[] bytes = s.value().getBytes(StandardCharsets.UTF_8);
              if (!(key instanceof Long i) || i < 0 || i >= bytes.length) {
                throw new TemplateException("error calling index: index out of range: " + key);
              }
              yield (long) (bytes[i.intValue()] & 0xff);
            }
            case null, default ->
                throw new TemplateException("error calling index: can't index item");
          };
    }
    return at;
  }

  private static Object slice(List<@Nullable Object> args) {
    Object of = args.getFirst();
    int size =
        of instanceof RegoArray a
            ? a.size()
            : of instanceof RegoString s ? s.value().getBytes(StandardCharsets.UTF_8).length : -1;
    if (size < 0 || args.size() > (of instanceof RegoString ? 3 : 4)) {
      throw new TemplateException("error calling slice: can't slice item");
    }
    int[] bounds = {0, size, size};
    for (int i = 1; i < args.size(); i++) {
      if (!(args.get(i) instanceof Long n) || n < 0 || n > size) {
        throw new TemplateException("error calling slice: index out of range: " + args.get(i));
      }
      bounds[i - 1] = n.intValue();
    }
    if (bounds[0] > bounds[1]) {
      throw new TemplateException("error calling slice: invalid slice index");
    }
    if (of instanceof RegoArray array) {
      return array.slice(bounds[0], bounds[1]);
    }
    byte[] bytes = ((RegoString) of).value().getBytes(StandardCharsets.UTF_8);
    return RegoString.of(
        new String(bytes, bounds[0], bounds[1] - bounds[0], StandardCharsets.UTF_8));
  }

  private static boolean isText(@Nullable Object value) {
    return value instanceof RegoString || value instanceof RegoNumber;
  }

  /// [#print], with the text that templates have for what is missing.
  private static String printable(List<@Nullable Object> args) {
    List<@Nullable Object> shown = new ArrayList<>();
    for (Object arg : args) {
      shown.add(arg == null || arg == RegoNull.NULL ? RegoString.of("<no value>") : arg);
    }
    return print(shown);
  }

  /// Blanks stand between values of which neither is text.
  private static String print(List<@Nullable Object> args) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < args.size(); i++) {
      if (i > 0 && !isText(args.get(i - 1)) && !isText(args.get(i))) {
        out.append(' ');
      }
      out.append(Values.shown(args.get(i)));
    }
    return out.toString();
  }

  private static String println(List<@Nullable Object> args) {
    List<String> shown = new ArrayList<>();
    args.forEach(arg -> shown.add(Values.shown(arg)));
    return String.join(" ", shown) + "\n";
  }

  private String printf(List<@Nullable Object> args) {
    if (!(args.getFirst() instanceof RegoString format)) {
      throw new TemplateException("wrong type for value; expected string");
    }
    RegoArray.Builder values = RegoArray.builder();
    for (Object arg : args.subList(1, args.size())) {
      values.add(
          switch (arg) {
            case Long n -> RegoNumber.of(n);
            case Double d -> RegoNumber.parse(d.toString());
            case RegoNumber n -> RegoString.of(n.text());
            case RegoString s -> s;
            case null -> RegoString.of("<nil>");
            default -> RegoString.of(Values.shown(arg));
          });
    }
    return printf.apply(format.value(), values.build());
  }

  private static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;")
        .replace("\0", "\ufffd");
  }

  private static String js(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '\\' -> out.append("\\\\");
            case '\'' -> out.append("\\'");
            case '"' -> out.append("\\\"");
            case '<', '>', '&', '=' -> out.append("\\u%04X".formatted(c));
            default -> {
              boolean hidden = c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029;
              if (hidden) {
                out.append("\\u%04X".formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            }
          }
        });
    return out.toString();
  }

  private static boolean anyEqual(List<@Nullable Object> args) {
    for (Object other : args.subList(1, args.size())) {
      if (isEqual(args.getFirst(), other)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEqual(@Nullable Object a, @Nullable Object b) {
    Object left = a == RegoNull.NULL ? null : a;
    Object right = b == RegoNull.NULL ? null : b;
    if (left == null || right == null) {
      return left == right;
    }
    if (isText(left) && isText(right)) {
      return Values.shown(left).equals(Values.shown(right));
    }
    if (left instanceof RegoArray
        || left instanceof RegoObject
        || right instanceof RegoArray
        || right instanceof RegoObject) {
      throw new TemplateException("error calling eq: non-comparable type");
    }
    if (left.getClass() != right.getClass()) {
      throw new TemplateException("error calling eq: incompatible types for comparison");
    }
    return left.equals(right);
  }

  private static int order(List<@Nullable Object> args) {
    Object left = args.get(0);
    Object right = args.get(1);
    if (isText(left) && isText(right)) {
      return RegoString.compareCodePoints(Values.shown(left), Values.shown(right));
    }
    if (left instanceof Long a && right instanceof Long b) {
      return a.compareTo(b);
    }
    if (left instanceof Double a && right instanceof Double b) {
      return a.compareTo(b);
    }
    throw new TemplateException(
        left instanceof RegoValue
                && right instanceof RegoValue
                && left.getClass() == right.getClass()
            ? "error calling lt: invalid type for comparison"
            : "error calling lt: incompatible types for comparison");
  }
}
