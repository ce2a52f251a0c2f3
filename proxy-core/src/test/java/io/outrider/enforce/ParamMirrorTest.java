package io.outrider.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.jsonrpc.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParamMirrorTest {

  private static ParamMirror.Mirrors mirrors(String schema) {
    return ParamMirror.of(Json.tree(schema.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void findsArgumentsThroughPropertiesOnly() {
    ParamMirror.Mirrors found =
        mirrors(
            """
            {"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},
             "db":{"type":"object","properties":{"id":{"type":"integer","x-mcp-header":"Db-Id"}}}}}
            """);
    assertThat(found.problem()).isNull();
    assertThat(found.paths())
        .isEqualTo(
            Map.of("mcp-param-region", List.of("region"), "mcp-param-db-id", List.of("db", "id")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"properties\":{\"a\":{\"type\":\"number\",\"x-mcp-header\":\"A\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A B\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":7}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"X\"},\"b\":{\"type\":\"string\",\"x-mcp-header\":\"x\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}}",
        "{\"oneOf\":[{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}]}"
      })
  void saysWhenASchemaCannotBeMirrored(String schema) {
    assertThat(mirrors(schema).problem()).isNotNull();
  }

  @Test
  void makesTheHeadersAPipeCannotCarry() {
    assertThat(
            ParamMirror.make(
                Json.tree("{\"a\":{\"b\":42},\"c\":null}".getBytes(StandardCharsets.UTF_8)),
                Map.of("mcp-param-b", List.of("a", "b"), "mcp-param-c", List.of("c"))))
        .singleElement()
        .satisfies(h -> assertThat(h.value()).isEqualTo("42"));
  }
}
