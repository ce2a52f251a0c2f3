package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;

/// Functions that OPA's compiler puts in place of other forms. Ours compiles those forms itself;
/// the functions are here for policies that were written out by OPA.
final class Internals {
  private Internals() {}

  static void register(Registry r) {
    r.one("internal.print", a -> RegoBoolean.of(Args.array(a, 1).size() >= 0));
    r.one("internal.test_case", a -> RegoBoolean.of(Args.array(a, 1).size() >= 0));
    r.one("internal.template_string", a -> RegoString.of(template(Args.array(a, 1))));
    for (String name : new String[] {"rego.metadata.chain", "rego.metadata.rule"}) {
      // Inside rules the compiler puts the annotations in place of the call.
      r.any(
          name,
          (cx, a) -> {
            throw Args.error(
                "the " + name + " function must only be called within the scope of a rule");
          });
    }
  }

  private static String template(RegoArray parts) {
    StringBuilder text = new StringBuilder();
    for (RegoValue part : parts) {
      switch (part) {
        case RegoSet set when set.isEmpty() -> text.append("<undefined>");
        case RegoSet set when set.size() == 1 -> text.append(shown(set.get(0)));
        case RegoSet _ ->
            throw new BuiltinException(
                BuiltinException.Kind.CONFLICT,
                "template-strings must not produce multiple outputs");
        default -> {
          switch (part.type()) {
            case ARRAY, OBJECT ->
                throw new BuiltinException(
                    BuiltinException.Kind.INTERNAL, "illegal argument type: " + part.typeName());
            default -> text.append(shown(part));
          }
        }
      }
    }
    return text.toString();
  }

  private static String shown(RegoValue value) {
    return value instanceof RegoString s ? s.value() : value.toString();
  }
}
