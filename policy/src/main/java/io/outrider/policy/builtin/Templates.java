package io.outrider.policy.builtin;

import io.outrider.policy.builtin.template.Functions;
import io.outrider.policy.builtin.template.Template;
import io.outrider.policy.builtin.template.TemplateException;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;

/// `strings.render_template`.
final class Templates {
  /// Longer templates are refused; parsing looks at each character more than once.
  private static final int MAX_TEMPLATE = 100_000;

  private Templates() {}

  static void register(Registry r) {
    r.any("strings.render_template", Templates::render);
  }

  private static RegoValue render(BuiltinContext cx, RegoValue[] a) {
    String text = Args.string(a[0], 1);
    RegoObject values = Args.object(a[1], 2);
    if (text.length() > MAX_TEMPLATE) {
      throw Args.error(
          "template of " + text.length() + " characters (expected: at most " + MAX_TEMPLATE + ")");
    }
    cx.spend(text.length());
    Functions functions =
        new Functions((format, args) -> GoFormat.format(cx, format, args), Urls::encode);
    try {
      String filled = Template.parse(text).render(withoutSets(values), functions, cx::spend);
      return RegoString.of(filled.replace("<no value>", "<undefined>"));
    } catch (TemplateException e) {
      throw Args.error(String.valueOf(e.getMessage()));
    }
  }

  private static RegoValue withoutSets(RegoValue value) {
    return switch (value) {
      case RegoSet set -> withoutSets(set.toArray());
      case RegoArray array -> {
        RegoArray.Builder items = RegoArray.builder();
        array.forEach(item -> items.add(withoutSets(item)));
        yield items.build();
      }
      case RegoObject object -> {
        RegoObject.Builder members = RegoObject.builder(object.size());
        object.forEach(entry -> members.put(entry.key(), withoutSets(entry.value())));
        yield members.build();
      }
      default -> value;
    };
  }
}
