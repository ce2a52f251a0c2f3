package io.outrider.jsonrpc;

import io.outrider.jsonrpc.Reading.Bad;
import io.outrider.jsonrpc.Reading.Fault;
import io.outrider.jsonrpc.Reading.Parsed;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads bytes as one JSON-RPC message, refusing whatever two parsers could read differently:
/// duplicate names anywhere, names that differ from a reserved one only by case, invalid UTF-8,
/// lone surrogates, NUL in names, trailing data, ids other parsers would round, batches.
///
/// Batches are refused rather than judged element by element: only 2025-03-26 knows them, no client
/// in use sends them, and they have been the way around gateways (docs/adr/0003).
///
/// Thread-safe.
public final class MessageReader {

  private static final Set<String> TOP =
      Set.of("jsonrpc", "id", "method", "params", "result", "error");

  /// Members of `params` that someone decides on, each by its one spelling.
  private static final Set<String> DECISIVE =
      Set.of(
          "name",
          "arguments",
          "uri",
          "_meta",
          "taskId",
          "task",
          "ref",
          "requestState",
          "inputResponses",
          "protocolVersion",
          "requestId",
          "progressToken");

  private static final Map<String, String> TOP_BY_LOOK = byLook(TOP);
  private static final Map<String, String> DECISIVE_BY_LOOK = byLook(DECISIVE);

  private final JsonMapper mapper;
  private final int maxDepth;

  /// @param maxDepth how many arrays and objects may stand inside each other, at least 1
  public MessageReader(int maxDepth) {
    this.maxDepth = maxDepth;
    this.mapper = Json.mapper(maxDepth);
  }

  /// Never throws for bad input: that is an answer too.
  public Reading read(byte[] bytes) {
    JsonText text = JsonText.inspect(bytes);
    PlainMessage plain =
        text.problem != null || text.hasDelicateEscape ? null : PlainMessage.read(bytes, maxDepth);
    if (plain != null && (plain.params == null || lookAlike(plain.params) == null)) {
      return Draft.of(plain).finish(bytes, text.hasLineBreak);
    }
    return parse(bytes, text);
  }

  /// Whatever it is, read or refused with the reason.
  Reading parse(byte[] bytes) {
    return parse(bytes, JsonText.inspect(bytes));
  }

  private Reading parse(byte[] bytes, JsonText text) {
    if (text.problem != null) {
      return new Bad(Fault.NOT_JSON, text.problem, null);
    }
    Draft draft = new Draft();
    try (JsonParser parser = mapper.createParser(bytes)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        return new Bad(Fault.NOT_A_MESSAGE, "found a batch (expected: one JSON-RPC message)", null);
      }
      if (first != JsonToken.START_OBJECT) {
        return new Bad(
            first == null ? Fault.NOT_JSON : Fault.NOT_A_MESSAGE,
            "found " + name(first) + " (expected: a JSON-RPC object)",
            null);
      }
      String problem = readMembers(parser, draft);
      if (parser.nextToken() != null) {
        return new Bad(
            Fault.NOT_JSON, "found data after the message (expected: one message)", draft.id);
      }
      if (problem == null && text.hasDelicateEscape) {
        problem = lookAtEveryString(bytes);
      }
      return problem == null
          ? draft.finish(bytes, text.hasLineBreak)
          : new Bad(Fault.NOT_A_MESSAGE, problem, draft.id);
    } catch (StreamConstraintsException e) {
      return new Bad(
          Fault.NOT_JSON,
          "found more than a limit allows (expected: depth at most "
              + maxDepth
              + ", names at most 8 KiB, numbers at most 256 digits)",
          draft.id);
    } catch (JacksonException e) {
      return new Bad(Fault.NOT_JSON, syntaxProblem(e), draft.id);
    } catch (NumberFormatException e) {
      // Not a JacksonException: an exponent of eleven digits is good JSON and no number.
      return new Bad(
          Fault.NOT_JSON, "found a number that no reader could hold (expected: less)", draft.id);
    }
  }

  private static @Nullable String readMembers(JsonParser parser, Draft draft) {
    String problem = null;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      String found =
          switch (name) {
            case "jsonrpc" -> draft.version(parser, value);
            case "id" -> draft.id(parser, value);
            case "method" -> draft.method(parser, value);
            case "params" -> draft.params(parser, value);
            case "result" -> draft.result(parser, value);
            case "error" -> draft.error(parser, value);
            default -> draft.unknown(parser, name);
          };
      if (problem == null) {
        problem = found; // go on reading: a later id makes the refusal attributable
      }
    }
    return problem;
  }

  private static Map<String, String> byLook(Set<String> names) {
    return names.stream().collect(Collectors.toUnmodifiableMap(MessageReader::look, name -> name));
  }

  /// What a case-insensitive peer would take the name for; U+017F and U+212A fold to s and k.
  private static String look(String name) {
    return name.toLowerCase(Locale.ROOT).replace('\u017F', 's').replace('\u212A', 'k');
  }

  private static @Nullable String lookAlike(ObjectNode params) {
    for (String name : params.propertyNames()) {
      String alike = DECISIVE.contains(name) ? null : lookAlike(name, DECISIVE_BY_LOOK);
      if (alike != null) {
        return alike + " in \"params\"";
      }
    }
    return null;
  }

  private static @Nullable String lookAlike(String name, Map<String, String> reserved) {
    String meant = reserved.get(look(name));
    return meant == null || meant.equals(name)
        ? null
        : "found a member that differs from \"" + meant + "\" only by case or look";
  }

  /// Escapes that name NUL or a surrogate were seen: check each name and string.
  private @Nullable String lookAtEveryString(byte[] bytes) {
    try (JsonParser parser = mapper.createParser(bytes)) {
      for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
        if (t == JsonToken.PROPERTY_NAME && parser.currentName().indexOf('\0') >= 0) {
          return "found NUL in a member name";
        }
        if ((t == JsonToken.PROPERTY_NAME && hasLoneSurrogate(parser.currentName()))
            || (t == JsonToken.VALUE_STRING && hasLoneSurrogate(parser.getString()))) {
          return "found a lone surrogate in a string (expected: Unicode text)";
        }
      }
      return null;
    }
  }

  private static boolean hasLoneSurrogate(String s) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < s.length()
          && Character.isLowSurrogate(s.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  private static String syntaxProblem(JacksonException e) {
    String what = String.valueOf(e.getOriginalMessage());
    String where = e.getLocation() == null ? "" : " at byte " + e.getLocation().getByteOffset();
    // Jackson quotes what it found; a payload must not travel in an error, a duplicate name
    // neither.
    return what.startsWith("Duplicate")
        ? "found a duplicate member name" + where
        : "found invalid JSON" + where;
  }

  private static String name(@Nullable JsonToken token) {
    return token == null
        ? "nothing"
        : "a JSON " + token.name().toLowerCase(Locale.ROOT).replace("value_", "").replace('_', ' ');
  }

  /// The members of a message while they are being read.
  private static final class Draft {
    private boolean versionSeen;
    private @Nullable JsonRpcId id;
    private boolean idIsNull;
    private @Nullable String method;
    private @Nullable ObjectNode params;
    private boolean resultSeen;
    private @Nullable String resultType;
    private boolean isError;
    private @Nullable ObjectNode error;
    private boolean exact = true;

    static Draft of(PlainMessage plain) {
      Draft draft = new Draft();
      draft.versionSeen = true;
      draft.id = plain.id;
      draft.method = plain.method;
      draft.params = plain.params;
      draft.resultSeen = plain.resultSeen;
      draft.resultType = plain.resultType;
      draft.isError = plain.isError;
      return draft;
    }

    @Nullable String version(JsonParser p, JsonToken value) {
      versionSeen = value == JsonToken.VALUE_STRING && p.getString().equals("2.0");
      p.skipChildren();
      return versionSeen ? null : "found another value in \"jsonrpc\" (expected: \"2.0\")";
    }

    @Nullable String id(JsonParser p, JsonToken value) {
      switch (value) {
        case VALUE_STRING -> id = new JsonRpcId.Str(p.getString());
        case VALUE_NUMBER_INT -> {
          String digits = p.getString();
          if (digits.length() > 17
              || digits.equals("-0")
              || Math.abs(p.getLongValue()) > JsonRpcId.MAX_SAFE_INTEGER) {
            return "found an integer id outside ±(2^53-1)";
          }
          id = new JsonRpcId.Num(p.getLongValue());
        }
        case VALUE_NULL -> idIsNull = true;
        default -> {
          p.skipChildren();
          return "found " + name(value) + " in \"id\" (expected: a string or an integer)";
        }
      }
      return null;
    }

    @Nullable String method(JsonParser p, JsonToken value) {
      if (value != JsonToken.VALUE_STRING) {
        p.skipChildren();
        return "found " + name(value) + " in \"method\" (expected: a string)";
      }
      method = p.getString();
      return null;
    }

    @Nullable String params(JsonParser p, JsonToken value) {
      if (value != JsonToken.START_OBJECT) {
        p.skipChildren();
        return "found " + name(value) + " in \"params\" (expected: an object)";
      }
      params = p.readValueAsTree();
      return lookAlike(params);
    }

    /// Looks at the members of the result itself and skips what lies below.
    @Nullable String result(JsonParser p, JsonToken value) {
      resultSeen = true;
      if (value != JsonToken.START_OBJECT) {
        p.skipChildren();
        return "found " + name(value) + " in \"result\" (expected: an object)";
      }
      for (String name = p.nextName(); name != null; name = p.nextName()) {
        JsonToken member = p.nextToken();
        if (name.equals("resultType")) {
          resultType = member == JsonToken.VALUE_STRING ? p.getString() : "";
        } else if (name.equals("isError")) {
          isError = member == JsonToken.VALUE_TRUE;
        }
        p.skipChildren();
      }
      return null;
    }

    @Nullable String error(JsonParser p, JsonToken value) {
      if (value != JsonToken.START_OBJECT) {
        p.skipChildren();
        return "found " + name(value) + " in \"error\" (expected: an object)";
      }
      error = p.readValueAsTree();
      return error.path("code").isIntegralNumber() && error.path("message").isString()
          ? null
          : "found an \"error\" without an integer \"code\" and a string \"message\"";
    }

    @Nullable String unknown(JsonParser p, String name) {
      exact = false; // what the proxy does not judge it does not forward
      p.skipChildren();
      return lookAlike(name, TOP_BY_LOOK);
    }

    Reading finish(byte[] received, boolean hasLineBreak) {
      if (!versionSeen) {
        return bad("found no \"jsonrpc\" (expected: \"2.0\")");
      }
      boolean asIs = exact && !hasLineBreak;
      if (method != null) {
        if (resultSeen || error != null) {
          return bad("found \"method\" together with \"result\" or \"error\"");
        }
        if (idIsNull) {
          return bad("found null in \"id\" (expected: a string or an integer)");
        }
        byte[] bytes = asIs ? received : rewrite(received);
        return new Parsed(
            id == null
                ? new JsonRpcMessage.Notification(method, params, bytes)
                : new JsonRpcMessage.Request(id, method, params, bytes));
      }
      if (params != null) {
        return bad("found \"params\" without \"method\"");
      }
      if (resultSeen == (error != null)) {
        return bad(
            resultSeen
                ? "found both \"result\" and \"error\""
                : "found none of \"method\", \"result\", \"error\"");
      }
      byte[] bytes = asIs ? received : rewrite(received);
      if (error != null) {
        return new Parsed(
            new JsonRpcMessage.Error(
                id, error.path("code").asInt(0), error.path("message").asString(""), bytes));
      }
      return id == null
          ? bad("found a \"result\" without an \"id\"")
          : new Parsed(new JsonRpcMessage.Result(id, resultType, isError, bytes));
    }

    /// The known members only, on one line.
    private static byte[] rewrite(byte[] received) {
      ObjectNode tree = Json.tree(received);
      tree.retain(TOP);
      return Json.bytes(tree);
    }

    private Bad bad(String detail) {
      return new Bad(Fault.NOT_A_MESSAGE, detail, id);
    }
  }
}
