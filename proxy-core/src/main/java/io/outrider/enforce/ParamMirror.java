package io.outrider.enforce;

import io.outrider.call.Call;
import io.outrider.call.Refusal;
import io.outrider.mcp.McpHeaders;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Compares `Mcp-Param-*` headers with the arguments they mirror, as the tool's input schema says
/// (`x-mcp-header`; 2026-07-28, transports, "custom headers"). The proxy checks this itself: a
/// server behind a pipe never sees the headers, and one behind HTTP may decide by them.
final class ParamMirror {

  private static final String ANNOTATION = "x-mcp-header";
  private static final int MAX_DEPTH = 16;
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
  private static final Set<String> MIRRORED_TYPES = Set.of("string", "integer", "boolean");

  private ParamMirror() {}

  /// Where a tool's headers find their values.
  ///
  /// @param paths path of member names by lower-case header name
  /// @param problem why the schema's mirrors cannot be used; such a tool must not be listed to a
  ///   client over HTTP, and is listed to none, so that every client sees the same tools
  record Mirrors(Map<String, List<String>> paths, @Nullable String problem) {}

  static Mirrors of(JsonNode inputSchema) {
    Map<String, List<String>> paths = new LinkedHashMap<>();
    String problem = collect(inputSchema, new ArrayList<>(), paths);
    if (problem == null && count(inputSchema, 0) != paths.size()) {
      problem = "found x-mcp-header where no single argument is meant (expected: below properties)";
    }
    return new Mirrors(paths, problem);
  }

  /// Only what is reachable through `properties` alone has one place in the arguments.
  private static @Nullable String collect(
      JsonNode schema, List<String> at, Map<String, List<String>> paths) {
    if (at.size() == MAX_DEPTH) {
      return null;
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      at.add(property.getKey());
      JsonNode name = property.getValue().get(ANNOTATION);
      String problem = name == null ? null : add(name, property.getValue(), at, paths);
      if (problem == null) {
        problem = collect(property.getValue(), at, paths);
      }
      at.removeLast();
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @Nullable String add(
      JsonNode name, JsonNode schema, List<String> at, Map<String, List<String>> paths) {
    if (!name.isString() || !TOKEN.matcher(name.stringValue()).matches()) {
      return "found an x-mcp-header that is no header name (expected: an RFC 9110 token)";
    }
    if (!MIRRORED_TYPES.contains(schema.path("type").asString(""))) {
      return "found x-mcp-header on another type (expected: string, integer or boolean)";
    }
    String header = McpHeaders.PARAM_PREFIX + name.stringValue().toLowerCase(Locale.ROOT);
    return paths.put(header, List.copyOf(at)) == null ? null : "found one x-mcp-header twice";
  }

  /// How often the annotation stands anywhere. A property may be called so too; its value is then a
  /// schema and no string, and is not counted.
  private static int count(JsonNode schema, int depth) {
    if (depth > 4 * MAX_DEPTH) {
      return 0;
    }
    int found = schema.path(ANNOTATION).isString() ? 1 : 0;
    for (JsonNode below : schema) {
      found += below.isContainer() ? count(below, depth + 1) : 0;
    }
    return found;
  }

  /// The headers a client on a pipe could not send, made from the arguments as they will be sent.
  static List<Call.ParamHeader> make(JsonNode arguments, Map<String, List<String>> paths) {
    List<Call.ParamHeader> headers = new ArrayList<>();
    paths.forEach((header, path) -> {
      JsonNode value = at(arguments, path);
      if (value != null && !value.isNull() && !value.isContainer()) {
        headers.add(new Call.ParamHeader(header, value.asString()));
      }
    });
    return headers;
  }

  private static @Nullable JsonNode at(@Nullable JsonNode arguments, List<String> path) {
    JsonNode value = arguments;
    for (String step : path) {
      value = value == null ? null : value.get(step);
    }
    return value;
  }

  /// @return the refusal, or null when headers and arguments agree
  static @Nullable Refusal check(Call call, Map<String, List<String>> paths) {
    Map<String, String> sent = new LinkedHashMap<>();
    call.paramHeaders().forEach(h -> sent.put(h.header().toLowerCase(Locale.ROOT), h.value()));
    for (Map.Entry<String, List<String>> mirrored : paths.entrySet()) {
      JsonNode value = at(call.arguments(), mirrored.getValue());
      String header = sent.get(mirrored.getKey());
      boolean absent = value == null || value.isNull();
      if (absent != (header == null)) {
        return mismatch(
            mirrored.getKey(),
            absent
                ? "found a header for an argument that is absent"
                : "found no header for an argument that is present");
      }
      if (header != null && value != null && !agree(header, value)) {
        return mismatch(mirrored.getKey(), "found a header that differs from the argument");
      }
    }
    return null; // headers the schema does not know are passed on (intermediaries MUST)
  }

  private static boolean agree(String header, JsonNode value) {
    if (!value.isNumber()) {
      return value.asString().equals(header);
    }
    try {
      return new BigDecimal(header).compareTo(value.decimalValue()) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static Refusal mismatch(String header, String detail) {
    return new Refusal.HeaderMismatch(header, detail);
  }
}
