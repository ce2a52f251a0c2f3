package io.outrider.policy.builtin.jsonschema;

import com.google.re2j.Pattern;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// One validation of a value. Of alternatives that all fail, the violations of the one that came
/// closest are told; how close is counted as in the library that OPA uses.
final class Validation {
  private static final String ROOT = "(Root)";
  private static final int MAX_DEPTH = 500;

  private final Formats formats;
  private final LongConsumer budget;
  private final List<Violation> violations = new ArrayList<>();
  private int score;
  private int depth;

  private Validation(Formats formats, LongConsumer budget) {
    this.formats = formats;
    this.budget = budget;
  }

  static List<Violation> validate(
      SubSchema schema, RegoValue value, Formats formats, LongConsumer budget) {
    Validation validation = new Validation(formats, budget);
    validation.check(schema, value, ROOT);
    return validation.violations;
  }

  private Validation sub(SubSchema schema, RegoValue value, String context) {
    Validation validation = new Validation(formats, budget);
    validation.depth = depth;
    validation.check(schema, value, context);
    return validation;
  }

  private boolean isValid() {
    return violations.isEmpty();
  }

  private void merge(@Nullable Validation other) {
    if (other != null) {
      violations.addAll(other.violations);
      score += other.score;
    }
  }

  private void add(String type, String context, String description) {
    violations.add(new Violation(type, field(context), description));
    score -= 2;
  }

  private static String field(String context) {
    return context.startsWith(ROOT + ".") ? context.substring(ROOT.length() + 1) : context;
  }

  private void check(SubSchema schema, RegoValue value, String context) {
    budget.accept(1);
    if (++depth > MAX_DEPTH) {
      throw new SchemaException("references nested more than " + MAX_DEPTH + " deep");
    }
    checkWithin(schema, value, context);
    depth--;
  }

  private void checkWithin(SubSchema schema, RegoValue value, String context) {
    if (schema.pass != null) {
      if (!schema.pass) {
        add("false", context, "False always fails validation");
      }
      return;
    }
    if (schema.reference != null) {
      check(schema.reference, value, context);
      return;
    }
    if (!fitsType(schema, value)) {
      String expected =
          schema.types.size() == 1
              ? schema.types.getFirst()
              : "[" + String.join(",", schema.types) + "]";
      add(
          "invalid_type",
          context,
          "Invalid type. Expected: " + expected + ", given: " + typeName(value));
      return;
    }
    combinations(schema, value, context);
    switch (value) {
      case RegoArray array -> {
        array(schema, array, context);
        common(schema, value, context);
      }
      case RegoObject object -> {
        object(schema, object, context);
        common(schema, value, context);
        for (Map.Entry<String, SubSchema> property : schema.properties.entrySet()) {
          RegoValue member = object.get(property.getKey());
          if (member != null) {
            check(property.getValue(), member, context + "." + property.getKey());
          }
        }
      }
      case RegoNumber number -> {
        number(schema, number, context);
        common(schema, value, context);
      }
      case RegoString string -> {
        common(schema, value, context);
        string(schema, string.value(), context);
      }
      default -> common(schema, value, context);
    }
    score++;
  }

  private static boolean fitsType(SubSchema schema, RegoValue value) {
    if (schema.types.isEmpty()) {
      return true;
    }
    String type = typeName(value);
    return schema.types.contains(type)
        || (type.equals("integer") && schema.types.contains("number"));
  }

  private static String typeName(RegoValue value) {
    return switch (value) {
      case RegoNull _ -> "null";
      case RegoBoolean _ -> "boolean";
      case RegoNumber n -> n.isInteger() ? "integer" : "number";
      case RegoString _ -> "string";
      case RegoObject _ -> "object";
      default -> "array";
    };
  }

  private void combinations(SubSchema schema, RegoValue value, String context) {
    if (!schema.anyOf.isEmpty()) {
      anyOf(schema, value, context);
    }
    if (!schema.oneOf.isEmpty()) {
      oneOf(schema, value, context);
    }
    boolean all = true;
    for (SubSchema each : schema.allOf) {
      Validation result = sub(each, value, context);
      all &= result.isValid();
      merge(result);
    }
    if (!all) {
      add("number_all_of", context, "Must validate all the schemas (allOf)");
    }
    if (schema.not != null && sub(schema.not, value, context).isValid()) {
      add("number_not", context, "Must not validate the schema (not)");
    }
    if (value instanceof RegoObject object) {
      dependencies(schema, object, context);
    }
    if (schema.when != null) {
      conditional(schema, schema.when, value, context);
    }
    score++;
  }

  private void anyOf(SubSchema schema, RegoValue value, String context) {
    Validation best = null;
    for (SubSchema each : schema.anyOf) {
      Validation result = sub(each, value, context);
      if (result.isValid()) {
        return;
      }
      best = best == null || result.score > best.score ? result : best;
    }
    add("number_any_of", context, "Must validate at least one schema (anyOf)");
    merge(best);
  }

  private void oneOf(SubSchema schema, RegoValue value, String context) {
    int valid = 0;
    Validation best = null;
    for (SubSchema each : schema.oneOf) {
      Validation result = sub(each, value, context);
      if (result.isValid()) {
        valid++;
      } else if (valid == 0 && (best == null || result.score > best.score)) {
        best = result;
      }
    }
    if (valid != 1) {
      add("number_one_of", context, "Must validate one and only one schema (oneOf)");
      if (valid == 0) {
        merge(best);
      }
    }
  }

  private void dependencies(SubSchema schema, RegoObject object, String context) {
    schema.neededProperties.forEach((key, needed) -> {
      if (object.get(key) != null) {
        for (String name : needed) {
          if (object.get(name) == null) {
            add("missing_dependency", context, "Has a dependency on " + name);
          }
        }
      }
    });
    schema.dependentSchemas.forEach((key, dependent) -> {
      if (object.get(key) != null) {
        check(dependent, object, context);
      }
    });
  }

  private void conditional(SubSchema schema, SubSchema when, RegoValue value, String context) {
    boolean holds = sub(when, value, context).isValid();
    SubSchema next = holds ? schema.then : schema.otherwise;
    if (next == null) {
      return;
    }
    Validation result = sub(next, value, context);
    if (!result.isValid()) {
      add(
          holds ? "condition_then" : "condition_else",
          context,
          holds
              ? "Must validate \"then\" as \"if\" was valid"
              : "Must validate \"else\" as \"if\" was not valid");
      merge(result);
    }
  }

  private void common(SubSchema schema, RegoValue value, String context) {
    String constant = schema.constant;
    if (constant != null && !Canonical.text(value).equals(constant)) {
      add("const", context, field(context) + " does not match: " + constant);
    }
    List<String> allowed = schema.allowed;
    if (allowed != null && !allowed.contains(Canonical.text(value))) {
      add(
          "enum",
          context,
          field(context) + " must be one of the following: " + String.join(", ", allowed));
    }
    if (!schema.format.isEmpty()
        && value instanceof RegoString s
        && !formats.fits(schema.format, s.value())) {
      add("format", context, "Does not match format '" + schema.format + "'");
    }
    score++;
  }

  private void array(SubSchema schema, RegoArray array, String context) {
    if (schema.everyItem != null) {
      for (int i = 0; i < array.size(); i++) {
        merge(sub(schema.everyItem, array.get(i), context + "." + i));
      }
    } else if (!schema.items.isEmpty()) {
      for (int i = 0; i < array.size(); i++) {
        if (i < schema.items.size()) {
          merge(sub(schema.items.get(i), array.get(i), context + "." + i));
        } else {
          SubSchema rest = schema.additionalItems;
          if (rest != null && Boolean.FALSE.equals(rest.pass)) {
            add("array_no_additional_items", context, "No additional items allowed on array");
            break;
          }
          if (rest != null && rest.pass == null) {
            merge(sub(rest, array.get(i), context + "." + i));
          }
        }
      }
    }
    if (schema.minItems != null && array.size() < schema.minItems) {
      add("array_min_items", context, "Array must have at least " + schema.minItems + " items");
    }
    if (schema.maxItems != null && array.size() > schema.maxItems) {
      add("array_max_items", context, "Array must have at most " + schema.maxItems + " items");
    }
    if (schema.uniqueItems) {
      Map<String, Integer> places = new HashMap<>();
      for (int i = 0; i < array.size(); i++) {
        Integer before = places.put(Canonical.text(array.get(i)), i);
        if (before != null) {
          add("unique", context, "array items[" + before + "," + i + "] must be unique");
        }
      }
    }
    if (schema.contains != null) {
      contains(schema.contains, array, context);
    }
    score++;
  }

  private void contains(SubSchema wanted, RegoArray array, String context) {
    Validation best = null;
    for (int i = 0; i < array.size(); i++) {
      Validation result = sub(wanted, array.get(i), context + "." + i);
      if (result.isValid()) {
        return;
      }
      best = best == null || result.score > best.score ? result : best;
    }
    add("contains", context, "At least one of the items must match");
    merge(best);
  }

  private void object(SubSchema schema, RegoObject object, String context) {
    if (schema.minProperties != null && object.size() < schema.minProperties) {
      add(
          "array_min_properties",
          context,
          "Must have at least " + schema.minProperties + " properties");
    }
    if (schema.maxProperties != null && object.size() > schema.maxProperties) {
      add(
          "array_max_properties",
          context,
          "Must have at most " + schema.maxProperties + " properties");
    }
    for (String name : schema.required) {
      if (object.get(name) != null) {
        score++;
      } else {
        add("required", context, name + " is required");
      }
    }
    for (RegoObject.Entry entry : object) {
      String name = name(entry);
      boolean matched = patternProperties(schema, name, entry.value(), context);
      SubSchema rest = schema.additionalProperties;
      if (matched || rest == null || schema.properties.containsKey(name)) {
        continue;
      }
      if (Boolean.FALSE.equals(rest.pass)) {
        add(
            "additional_property_not_allowed",
            context,
            "Additional property " + name + " is not allowed");
      } else if (rest.pass == null) {
        merge(sub(rest, entry.value(), context + "." + name));
      }
    }
    if (schema.propertyNames != null) {
      for (RegoObject.Entry entry : object) {
        Validation result = sub(schema.propertyNames, RegoString.of(name(entry)), context);
        if (!result.isValid()) {
          add(
              "invalid_property_name",
              context,
              "Property name of \"" + name(entry) + "\" does not match");
          merge(result);
        }
      }
    }
    score++;
  }

  private static String name(RegoObject.Entry entry) {
    return entry.key() instanceof RegoString s ? s.value() : entry.key().toString();
  }

  private boolean patternProperties(
      SubSchema schema, String name, RegoValue value, String context) {
    boolean matched = false;
    for (Map.Entry<Pattern, SubSchema> each : schema.patternProperties.entrySet()) {
      budget.accept(name.length());
      if (each.getKey().matcher(name).find()) {
        matched = true;
        merge(sub(each.getValue(), value, context + "." + name));
      }
    }
    if (matched) {
      score++;
    }
    return matched;
  }

  private void string(SubSchema schema, String text, String context) {
    int length = text.codePointCount(0, text.length());
    if (schema.minLength != null && length < schema.minLength) {
      add(
          "string_gte",
          context,
          "String length must be greater than or equal to " + schema.minLength);
    }
    if (schema.maxLength != null && length > schema.maxLength) {
      add("string_lte", context, "String length must be less than or equal to " + schema.maxLength);
    }
    if (schema.pattern != null) {
      budget.accept(text.length());
      if (!schema.pattern.matcher(text).find()) {
        add("pattern", context, "Does not match pattern '" + schema.pattern.pattern() + "'");
      }
    }
    score++;
  }

  private void number(SubSchema schema, RegoNumber number, String context) {
    BigDecimal value = number.asBigDecimal();
    if (schema.multipleOf != null && !isMultiple(value, schema.multipleOf)) {
      add("multiple_of", context, "Must be a multiple of " + shown(schema.multipleOf));
    }
    if (schema.maximum != null && value.compareTo(schema.maximum) > 0) {
      add("number_lte", context, "Must be less than or equal to " + shown(schema.maximum));
    }
    if (schema.exclusiveMaximum != null && value.compareTo(schema.exclusiveMaximum) >= 0) {
      add("number_lt", context, "Must be less than " + shown(schema.exclusiveMaximum));
    }
    if (schema.minimum != null && value.compareTo(schema.minimum) < 0) {
      add("number_gte", context, "Must be greater than or equal to " + shown(schema.minimum));
    }
    if (schema.exclusiveMinimum != null && value.compareTo(schema.exclusiveMinimum) <= 0) {
      add("number_gt", context, "Must be greater than " + shown(schema.exclusiveMinimum));
    }
    score++;
  }

  private static boolean isMultiple(BigDecimal value, BigDecimal of) {
    if (value.signum() == 0) {
      return true;
    }
    // The remainder of numbers of very different size would have as many digits.
    long distance =
        Math.abs((long) value.precision() - value.scale() - of.precision() + of.scale());
    if (distance > 2_000) {
      throw new SchemaException("multipleOf: numbers too far apart");
    }
    return value.remainder(of).signum() == 0;
  }

  private static String shown(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    int exponent = stripped.precision() - stripped.scale() - 1;
    return exponent >= 21 || exponent < -4
        ? Canonical.text(RegoNumber.parse(stripped.toString()))
        : stripped.toPlainString();
  }
}
