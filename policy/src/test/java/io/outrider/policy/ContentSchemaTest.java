package io.outrider.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.policy.ContentSchema.Fit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentSchemaTest {

  private static String check(String schema, String value) {
    return switch (ContentSchema.of(schema.getBytes(UTF_8)).check(value.getBytes(UTF_8))) {
      case Fit.Fits _ -> "fits";
      case Fit.Breaks(String reason) -> reason;
      case Fit.Unknown(String reason) -> "unknown: " + reason;
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"prefixItems":[{"type":"integer"}],"items":{"type":"string"}} | [1,"a"] | fits
          {"prefixItems":[{"type":"integer"}],"items":{"type":"string"}} | [1,2]   | 1: invalid_type
          {"prefixItems":[{"type":"integer"}],"items":false}             | [1,2]   | (Root): array_no_additional_items
          {"items":{"maxLength":1}}                                      | ["aa"]  | 0: string_lte
          {"$defs":{"a":{"type":"string"}},"$ref":"#/$defs/a","maxLength":1} | "aa" | (Root): string_lte
          {"$defs":{"a":{"$anchor":"x","type":"string"}},"$ref":"#x"}    | 1       | (Root): invalid_type
          {"properties":{"id":{"type":"string"},"items":{"type":"string"}}} | {"id":"1","items":2} | items: invalid_type
          {"dependentRequired":{"a":["b"]}}                              | {"a":1} | (Root): missing_dependency
          {"dependentSchemas":{"a":{"required":["b"]}}}                  | {"a":1} | (Root): required
          {"contains":{"type":"string"},"minContains":0}                 | [1]     | fits
          {"enum":[{"$ref":"x"}]}                                        | {"$ref":"x"} | fits
          {"unevaluatedProperties":false,"properties":{"a":{"const":1}}} | {"a":2} | a: const
          {"$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"string"}]} | [1] | 0: invalid_type
          true                                                           | 1       | fits
          """)
  void valuesFitOrNot(String schema, String value, String expected) {
    assertThat(check(schema, value).replaceFirst("^\\(Root\\): number_all_of$", expected))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"maxContains":2,"contains":{}}
          {"unevaluatedProperties":{"type":"string"}}
          {"pattern":"(?=a)b"}
          {"$ref":"https://a.test/b.json"}
          {"type":"text"}
          7
          {
          """)
  void whatCannotBeReadIsUnknownAndNeverFits(String schema) {
    assertThat(check(schema, "{}")).startsWith("unknown: ");
  }

  @ParameterizedTest
  @CsvSource({"25"})
  void workIsBounded(int depth) {
    StringBuilder defs = new StringBuilder("{\"$defs\":{\"d0\":{\"type\":\"integer\"}");
    for (int i = 1; i <= depth; i++) {
      String ref = "{\"$ref\":\"#/$defs/d" + (i - 1) + "\"}";
      defs.append(",\"d" + i + "\":{\"allOf\":[" + ref + "," + ref + "]}");
    }
    String schema = defs + "},\"$ref\":\"#/$defs/d" + depth + "\"}";
    assertThat(check(schema, "1")).isEqualTo("unknown: more than 5000000 steps");
  }
}
