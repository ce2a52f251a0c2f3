package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;

/// What names an authority may give (RFC 5280, section 4.2.1.10).
final class X509NameConstraints {
  private X509NameConstraints() {}

  /// Whether the names in every certificate are allowed by all that stand above it.
  static boolean hold(List<X509Certificate> chain) {
    for (int i = 1; i < chain.size(); i++) {
      X509Extensions authority = chain.get(i).extensions();
      for (X509Certificate below : chain.subList(0, i)) {
        X509Extensions names = below.extensions();
        boolean allowed =
            allows(authority, "DNSDomains", names.get("DNSNames"), X509NameConstraints::domain)
                && allows(
                    authority,
                    "EmailAddresses",
                    names.get("EmailAddresses"),
                    X509NameConstraints::mail)
                && allows(
                    authority,
                    "URIDomains",
                    names.get("URIStrings"),
                    (uri, rule) -> domain(host(uri), rule))
                && allowsAddresses(authority, names.get("IPAddresses"));
        if (!allowed) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean allows(
      X509Extensions authority, String kind, RegoValue names, BiPredicate<String, String> fits) {
    if (!(names instanceof RegoArray all)) {
      return true;
    }
    for (RegoValue name : all) {
      String text = ((RegoString) name).value();
      RegoValue excluded = authority.get("Excluded" + kind);
      RegoValue permitted = authority.get("Permitted" + kind);
      if (any(excluded, text, fits)
          || (permitted instanceof RegoArray && !any(permitted, text, fits))) {
        return false;
      }
    }
    return true;
  }

  private static boolean any(RegoValue rules, String name, BiPredicate<String, String> fits) {
    if (rules instanceof RegoArray all) {
      for (RegoValue rule : all) {
        if (fits.test(name, ((RegoString) rule).value())) {
          return true;
        }
      }
    }
    return false;
  }

  /// A rule with a dot in front covers what is below the domain, one without it the domain too.
  private static boolean domain(String name, String rule) {
    String host = name.toLowerCase(Locale.ROOT);
    String of = rule.toLowerCase(Locale.ROOT);
    if (of.isEmpty() || host.equals(of)) {
      return true;
    }
    return host.endsWith(of.startsWith(".") ? of : "." + of);
  }

  private static boolean mail(String address, String rule) {
    if (rule.indexOf('@') >= 0) {
      return address.equalsIgnoreCase(rule);
    }
    String host = address.substring(address.indexOf('@') + 1);
    return rule.startsWith(".") ? domain(host, rule) : host.equalsIgnoreCase(rule);
  }

  private static String host(String uri) {
    return GoUrl.parse(uri).hostname();
  }

  private static boolean allowsAddresses(X509Extensions authority, RegoValue addresses) {
    if (!(addresses instanceof RegoArray all)) {
      return true;
    }
    for (RegoValue address : all) {
      Address parsed = Address.parse(((RegoString) address).value());
      RegoValue permitted = authority.get("PermittedIPRanges");
      if (parsed == null
          || inAny(authority.get("ExcludedIPRanges"), parsed)
          || (permitted instanceof RegoArray && !inAny(permitted, parsed))) {
        return false;
      }
    }
    return true;
  }

  private static boolean inAny(RegoValue ranges, Address address) {
    if (!(ranges instanceof RegoArray all)) {
      return false;
    }
    for (RegoValue item : all) {
      RegoObject range = (RegoObject) item;
      Address base = range.get("IP") instanceof RegoString ip ? Address.parse(ip.value()) : null;
      if (base != null
          && base.bits() == address.bits()
          && range.get("Mask") instanceof RegoString mask) {
        var bits = new java.math.BigInteger(1, Base64.getDecoder().decode(mask.value()));
        if (base.value().and(bits).equals(address.value().and(bits))) {
          return true;
        }
      }
    }
    return false;
  }
}
