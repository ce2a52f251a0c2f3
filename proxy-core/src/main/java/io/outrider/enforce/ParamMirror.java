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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Compares `Mcp-Param-*` headers with the arguments they mirror, as the tool's input schema says
/// (`x-mcp-header`; 2026-07-28, transports, "custom headers"). The proxy checks this itself: a
/// server behind a pipe never sees the headers, and one behind HTTP may decide by them.
final class ParamMirror {

  private static final int MAX_DEPTH = 16;

  private ParamMirror() {}

  /// Where a tool's headers find their values.
  ///
  /// @return path of member names by lower-case header name
  static Map<String, List<String>> of(JsonNode inputSchema) {
    Map<String, List<String>> paths = new LinkedHashMap<>();
    collect(inputSchema, new ArrayList<>(), paths);
    return paths;
  }

  /// Only what is reachable through `properties` alone has one place in the arguments.
  private static void collect(JsonNode schema, List<String> at, Map<String, List<String>> paths) {
    if (at.size() == MAX_DEPTH) {
      return;
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      at.add(property.getKey());
      JsonNode name = property.getValue().path("x-mcp-header");
      if (name.isString()) {
        paths.put(
            McpHeaders.PARAM_PREFIX + name.stringValue().toLowerCase(Locale.ROOT), List.copyOf(at));
      }
      collect(property.getValue(), at, paths);
      at.removeLast();
    }
  }

  /// @return the refusal, or null when headers and arguments agree
  static @Nullable Refusal check(Call call, Map<String, List<String>> paths) {
    Map<String, String> sent = new LinkedHashMap<>();
    call.paramHeaders().forEach(h -> sent.put(h.header().toLowerCase(Locale.ROOT), h.value()));
    for (Map.Entry<String, List<String>> mirrored : paths.entrySet()) {
      JsonNode value = call.arguments();
      for (String step : mirrored.getValue()) {
        value = value == null ? null : value.get(step);
      }
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
