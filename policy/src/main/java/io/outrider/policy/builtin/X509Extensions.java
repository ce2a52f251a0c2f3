package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the extensions of a certificate or a request say, under the names of Go's
/// `x509.Certificate`.
final class X509Extensions {
  /// Extended key usages by their place in Go's enumeration.
  private static final List<String> KEY_USAGES =
      List.of(
          "2.5.29.37.0",
          "1.3.6.1.5.5.7.3.1",
          "1.3.6.1.5.5.7.3.2",
          "1.3.6.1.5.5.7.3.3",
          "1.3.6.1.5.5.7.3.4",
          "1.3.6.1.5.5.7.3.5",
          "1.3.6.1.5.5.7.3.6",
          "1.3.6.1.5.5.7.3.7",
          "1.3.6.1.5.5.7.3.8",
          "1.3.6.1.5.5.7.3.9",
          "1.3.6.1.4.1.311.10.3.3",
          "2.16.840.1.113730.4.1",
          "1.3.6.1.4.1.311.2.1.22",
          "1.3.6.1.4.1.311.61.1.1");

  private final Map<String, RegoValue> members = new LinkedHashMap<>();
  private final List<RegoValue> extensions = new ArrayList<>();
  private final List<RegoValue> unhandled = new ArrayList<>();

  private X509Extensions() {
    for (String list :
        new String[] {
          "DNSNames",
          "EmailAddresses",
          "IPAddresses",
          "URIs",
          "OCSPServer",
          "IssuingCertificateURL",
          "CRLDistributionPoints",
          "ExtKeyUsage",
          "UnknownExtKeyUsage",
          "SubjectKeyId",
          "AuthorityKeyId",
          "Policies",
          "PolicyIdentifiers",
          "PolicyMappings",
          "PermittedDNSDomains",
          "PermittedEmailAddresses",
          "PermittedIPRanges",
          "PermittedURIDomains",
          "ExcludedDNSDomains",
          "ExcludedEmailAddresses",
          "ExcludedIPRanges",
          "ExcludedURIDomains",
          "ExtraExtensions"
        }) {
      members.put(list, RegoNull.NULL);
    }
    for (String flag :
        new String[] {
          "BasicConstraintsValid",
          "IsCA",
          "MaxPathLenZero",
          "PermittedDNSDomainsCritical",
          "InhibitAnyPolicyZero",
          "InhibitPolicyMappingZero",
          "RequireExplicitPolicyZero"
        }) {
      members.put(flag, RegoBoolean.FALSE);
    }
    for (String number :
        new String[] {
          "KeyUsage",
          "MaxPathLen",
          "InhibitAnyPolicy",
          "InhibitPolicyMapping",
          "RequireExplicitPolicy"
        }) {
      members.put(number, RegoNumber.ZERO);
    }
  }

  /// @param list the sequence of extensions, or null when there are none
  static X509Extensions of(@Nullable Der list) {
    X509Extensions all = new X509Extensions();
    if (list != null) {
      for (Der extension : list.expect(Der.SEQUENCE).children()) {
        all.read(extension.expect(Der.SEQUENCE).children());
      }
    }
    all.members.put("Extensions", orNull(all.extensions));
    all.members.put("UnhandledCriticalExtensions", orNull(all.unhandled));
    return all;
  }

  RegoValue get(String member) {
    RegoValue value = members.get(member);
    return value == null ? RegoNull.NULL : value;
  }

  boolean flag(String member) {
    return RegoBoolean.TRUE.equals(members.get(member));
  }

  long number(String member) {
    return members.get(member) instanceof RegoNumber n ? n.asLong() : 0;
  }

  void putInto(RegoObject.Builder object) {
    members.forEach(object::put);
  }

  static RegoValue orNull(List<? extends RegoValue> items) {
    return items.isEmpty() ? RegoNull.NULL : RegoArray.of(items);
  }

  private void read(List<Der> parts) {
    if (parts.size() < 2) {
      throw Der.malformed();
    }
    List<Long> id = parts.getFirst().expect(Der.OID).oid();
    boolean critical = parts.get(1).is(0x01) && parts.get(1).content()[0] != 0;
    byte[] value = parts.getLast().expect(Der.OCTET_STRING).content();
    extensions.add(
        RegoObject.builder()
            .put("Id", X509Names.numbers(id))
            .put("Critical", critical)
            .put("Value", X509Names.base64(value))
            .build());
    boolean handled = handle(parts.getFirst().oidText(), value, critical);
    if (critical && !handled) {
      unhandled.add(X509Names.numbers(id));
    }
  }

  private boolean handle(String id, byte[] value, boolean critical) {
    switch (id) {
      case "2.5.29.15" -> members.put("KeyUsage", keyUsage(Der.of(value)));
      case "2.5.29.19" -> basicConstraints(Der.of(value));
      case "2.5.29.17" -> {
        return alternativeNames(Der.of(value));
      }
      case "2.5.29.30" -> {
        return nameConstraints(Der.of(value), critical);
      }
      case "2.5.29.31" -> distributionPoints(Der.of(value));
      case "2.5.29.35" -> {
        for (Der part : Der.of(value).children()) {
          if (part.isContext(0)) {
            members.put("AuthorityKeyId", X509Names.base64(part.content()));
          }
        }
      }
      case "2.5.29.36" -> policyConstraints(Der.of(value));
      case "2.5.29.37" -> extendedKeyUsage(Der.of(value));
      case "2.5.29.14" ->
          members.put(
              "SubjectKeyId", X509Names.base64(Der.of(value).expect(Der.OCTET_STRING).content()));
      case "2.5.29.32" -> policies(Der.of(value));
      case "2.5.29.33" -> policyMappings(Der.of(value));
      case "2.5.29.54" -> {
        RegoNumber skip = RegoNumber.of(Der.of(value).expect(Der.INTEGER).integer());
        members.put("InhibitAnyPolicy", skip);
        members.put("InhibitAnyPolicyZero", RegoBoolean.of(skip.signum() == 0));
      }
      case "1.3.6.1.5.5.7.1.1" -> authorityAccess(Der.of(value));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static RegoNumber keyUsage(Der bits) {
    byte[] octets = bits.bits();
    int usage = 0;
    for (int i = 0; i < 9 && i / 8 < octets.length; i++) {
      if ((octets[i / 8] & (0x80 >> (i % 8))) != 0) {
        usage |= 1 << i;
      }
    }
    return RegoNumber.of(usage);
  }

  private void basicConstraints(Der der) {
    boolean isCa = false;
    long maxPath = -1;
    for (Der part : der.expect(Der.SEQUENCE).children()) {
      if (part.is(0x01)) {
        isCa = part.content()[0] != 0;
      } else {
        maxPath = part.expect(Der.INTEGER).integer().intValueExact();
      }
    }
    members.put("BasicConstraintsValid", RegoBoolean.TRUE);
    members.put("IsCA", RegoBoolean.of(isCa));
    members.put("MaxPathLen", RegoNumber.of(maxPath));
    members.put("MaxPathLenZero", RegoBoolean.of(maxPath == 0));
  }

  private boolean alternativeNames(Der der) {
    List<RegoValue> dns = new ArrayList<>();
    List<RegoValue> mails = new ArrayList<>();
    List<RegoValue> addresses = new ArrayList<>();
    List<RegoValue> uris = new ArrayList<>();
    List<RegoValue> uriTexts = new ArrayList<>();
    for (Der name : der.expect(Der.SEQUENCE).children()) {
      if (name.isContext(1)) {
        mails.add(text(name));
      } else if (name.isContext(2)) {
        dns.add(text(name));
      } else if (name.isContext(6)) {
        RegoString uri = text(name);
        uris.add(uri(uri.value()));
        uriTexts.add(uri);
      } else if (name.isContext(7)) {
        addresses.add(RegoString.of(address(name.content())));
      }
    }
    members.put("DNSNames", orNull(dns));
    members.put("EmailAddresses", orNull(mails));
    members.put("IPAddresses", orNull(addresses));
    members.put("URIs", orNull(uris));
    members.put("URIStrings", orNull(uriTexts));
    return !(dns.isEmpty() && mails.isEmpty() && addresses.isEmpty() && uris.isEmpty());
  }

  private static RegoString text(Der der) {
    return RegoString.of(new String(der.content(), StandardCharsets.UTF_8));
  }

  private static String address(byte[] octets) {
    if (octets.length != 4 && octets.length != 16) {
      throw Args.error("x509: cannot parse IP address of length " + octets.length);
    }
    return Address.ofOctets(octets).toString();
  }

  /// A URL as Go's JSON of `url.URL` shows it.
  private static RegoValue uri(String text) {
    GoUrl url = GoUrl.parse(text);
    boolean hasRaw = !url.rawPath().equals(url.path());
    return RegoObject.builder()
        .put("Scheme", url.scheme())
        .put("Opaque", url.opaque())
        .put("User", RegoNull.NULL)
        .put("Host", url.host())
        .put("Path", url.path())
        .put("RawPath", hasRaw ? url.rawPath() : "")
        .put("OmitHost", false)
        .put("ForceQuery", false)
        .put("RawQuery", url.rawQuery())
        .put("Fragment", url.fragment())
        .put("RawFragment", "")
        .build();
  }

  private boolean nameConstraints(Der der, boolean critical) {
    members.put("PermittedDNSDomainsCritical", RegoBoolean.of(critical));
    boolean handled = true;
    for (Der part : der.expect(Der.SEQUENCE).children()) {
      handled &= subtrees(part, part.isContext(0) ? "Permitted" : "Excluded");
    }
    return handled;
  }

  private boolean subtrees(Der der, String prefix) {
    List<RegoValue> dns = new ArrayList<>();
    List<RegoValue> mails = new ArrayList<>();
    List<RegoValue> ranges = new ArrayList<>();
    List<RegoValue> uris = new ArrayList<>();
    boolean handled = true;
    for (Der subtree : der.children()) {
      Der base = subtree.expect(Der.SEQUENCE).children().getFirst();
      if (base.isContext(1)) {
        mails.add(text(base));
      } else if (base.isContext(2)) {
        dns.add(text(base));
      } else if (base.isContext(6)) {
        uris.add(text(base));
      } else if (base.isContext(7)) {
        ranges.add(range(base.content()));
      } else {
        handled = false;
      }
    }
    members.put(prefix + "DNSDomains", orNull(dns));
    members.put(prefix + "EmailAddresses", orNull(mails));
    members.put(prefix + "IPRanges", orNull(ranges));
    members.put(prefix + "URIDomains", orNull(uris));
    return handled;
  }

  private static RegoValue range(byte[] octets) {
    if (octets.length != 8 && octets.length != 32) {
      throw Args.error("x509: IP constraint contained value of length " + octets.length);
    }
    int half = octets.length / 2;
    return RegoObject.builder()
        .put("IP", address(java.util.Arrays.copyOf(octets, half)))
        .put("Mask", X509Names.base64(java.util.Arrays.copyOfRange(octets, half, octets.length)))
        .build();
  }

  private void distributionPoints(Der der) {
    List<RegoValue> points = new ArrayList<>();
    for (Der point : der.expect(Der.SEQUENCE).children()) {
      for (Der part : point.expect(Der.SEQUENCE).children()) {
        if (part.isContext(0)) {
          for (Der name : part.children()) {
            if (name.isContext(0)) {
              name.children().stream()
                  .takeWhile(n -> n.isContext(6))
                  .forEach(n -> points.add(text(n)));
            }
          }
        }
      }
    }
    members.put("CRLDistributionPoints", orNull(points));
  }

  private void policyConstraints(Der der) {
    for (Der part : der.expect(Der.SEQUENCE).children()) {
      RegoNumber skip = RegoNumber.of(part.integer());
      String name = part.isContext(0) ? "RequireExplicitPolicy" : "InhibitPolicyMapping";
      members.put(name, skip);
      members.put(name + "Zero", RegoBoolean.of(skip.signum() == 0));
    }
  }

  private void extendedKeyUsage(Der der) {
    List<RegoValue> known = new ArrayList<>();
    List<RegoValue> unknown = new ArrayList<>();
    for (Der usage : der.expect(Der.SEQUENCE).children()) {
      int place = KEY_USAGES.indexOf(usage.expect(Der.OID).oidText());
      if (place >= 0) {
        known.add(RegoNumber.of(place));
      } else {
        unknown.add(X509Names.numbers(usage.oid()));
      }
    }
    members.put("ExtKeyUsage", orNull(known));
    members.put("UnknownExtKeyUsage", orNull(unknown));
  }

  private void policies(Der der) {
    List<RegoValue> texts = new ArrayList<>();
    List<RegoValue> numbers = new ArrayList<>();
    for (Der policy : der.expect(Der.SEQUENCE).children()) {
      Der id = policy.expect(Der.SEQUENCE).children().getFirst().expect(Der.OID);
      texts.add(RegoString.of(id.oidText()));
      numbers.add(X509Names.numbers(id.oid()));
    }
    members.put("Policies", orNull(texts));
    members.put("PolicyIdentifiers", RegoArray.of(numbers));
  }

  private void policyMappings(Der der) {
    List<RegoValue> mappings = new ArrayList<>();
    for (Der mapping : der.expect(Der.SEQUENCE).children()) {
      List<Der> pair = mapping.expect(Der.SEQUENCE).children();
      mappings.add(
          RegoObject.builder()
              .put("IssuerDomainPolicy", pair.get(0).expect(Der.OID).oidText())
              .put("SubjectDomainPolicy", pair.get(1).expect(Der.OID).oidText())
              .build());
    }
    members.put("PolicyMappings", orNull(mappings));
  }

  private void authorityAccess(Der der) {
    List<RegoValue> ocsp = new ArrayList<>();
    List<RegoValue> issuers = new ArrayList<>();
    for (Der access : der.expect(Der.SEQUENCE).children()) {
      List<Der> pair = access.expect(Der.SEQUENCE).children();
      if (pair.size() < 2 || !pair.get(1).isContext(6)) {
        continue;
      }
      switch (pair.get(0).expect(Der.OID).oidText()) {
        case "1.3.6.1.5.5.7.48.1" -> ocsp.add(text(pair.get(1)));
        case "1.3.6.1.5.5.7.48.2" -> issuers.add(text(pair.get(1)));
        default -> {}
      }
    }
    members.put("OCSPServer", orNull(ocsp));
    members.put("IssuingCertificateURL", orNull(issuers));
  }
}
