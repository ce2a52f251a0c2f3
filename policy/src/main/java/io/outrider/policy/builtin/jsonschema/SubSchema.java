package io.outrider.policy.builtin.jsonschema;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One compiled schema. Filled by [SchemaCompiler] and not changed afterwards.
final class SubSchema {
  /// For the schemas `true` and `false`.
  @Nullable Boolean pass;

  /// What `$ref` points to; all other keywords are then ignored.
  @Nullable SubSchema reference;

  final List<String> types = new ArrayList<>();
  final Map<String, SubSchema> properties = new LinkedHashMap<>();
  final Map<Pattern, SubSchema> patternProperties = new LinkedHashMap<>();
  final List<String> required = new ArrayList<>();

  /// Names of properties, each with those it needs beside it.
  final Map<String, List<String>> neededProperties = new LinkedHashMap<>();

  final Map<String, SubSchema> dependentSchemas = new LinkedHashMap<>();
  @Nullable SubSchema additionalProperties;
  @Nullable SubSchema propertyNames;
  @Nullable Integer minProperties;
  @Nullable Integer maxProperties;

  /// The schema of all items, or null when [#items] holds one for each place.
  @Nullable SubSchema everyItem;

  final List<SubSchema> items = new ArrayList<>();
  @Nullable SubSchema additionalItems;
  @Nullable SubSchema contains;
  @Nullable Integer minItems;
  @Nullable Integer maxItems;
  boolean uniqueItems;

  @Nullable BigDecimal multipleOf;
  @Nullable BigDecimal minimum;
  @Nullable BigDecimal exclusiveMinimum;
  @Nullable BigDecimal maximum;
  @Nullable BigDecimal exclusiveMaximum;

  @Nullable Integer minLength;
  @Nullable Integer maxLength;
  @Nullable Pattern pattern;
  String format = "";

  /// The JSON text of the only value allowed.
  @Nullable String constant;

  /// The JSON texts of the values allowed.
  @Nullable List<String> allowed;

  final List<SubSchema> oneOf = new ArrayList<>();
  final List<SubSchema> anyOf = new ArrayList<>();
  final List<SubSchema> allOf = new ArrayList<>();
  @Nullable SubSchema not;
  @Nullable SubSchema when;
  @Nullable SubSchema then;
  @Nullable SubSchema otherwise;

  static SubSchema of(boolean pass) {
    SubSchema schema = new SubSchema();
    schema.pass = pass;
    return schema;
  }
}
