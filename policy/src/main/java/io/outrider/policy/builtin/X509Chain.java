package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Verifies that the last of some certificates was issued, through those between, by the first. The
/// rules are those of Go's `Certificate.Verify`, which the JDK's own validation differs from: it
/// refuses short keys, knows nothing of key usages and takes other roots.
final class X509Chain {
  private static final List<String> KEY_USAGES =
      List.of(
          "KeyUsageAny",
          "KeyUsageServerAuth",
          "KeyUsageClientAuth",
          "KeyUsageCodeSigning",
          "KeyUsageEmailProtection",
          "KeyUsageIPSECEndSystem",
          "KeyUsageIPSECTunnel",
          "KeyUsageIPSECUser",
          "KeyUsageTimeStamping",
          "KeyUsageOCSPSigning",
          "KeyUsageMicrosoftServerGatedCrypto",
          "KeyUsageNetscapeServerGatedCrypto",
          "KeyUsageMicrosoftCommercialCodeSigning",
          "KeyUsageMicrosoftKernelCodeSigning");

  /// Certificates with the same names could be tried in very many orders.
  private static final int MAX_SIGNATURE_CHECKS = 100;

  private final BuiltinContext cx;
  private final Set<Long> keyUsages;
  private Instant time;
  private String dnsName = "";
  private int checks;

  private X509Chain(BuiltinContext cx) {
    this.cx = cx;
    this.keyUsages = new HashSet<>();
    this.time = Instant.ofEpochSecond(0, cx.timeNanos());
  }

  static X509Chain withOptions(BuiltinContext cx, @Nullable RegoObject options) {
    X509Chain chain = new X509Chain(cx);
    if (options != null) {
      for (RegoObject.Entry option : options) {
        if (option.key() instanceof RegoString name) {
          chain.option(name.value(), option.value());
        }
      }
    }
    if (chain.keyUsages.isEmpty()) {
      chain.keyUsages.add(1L);
    }
    return chain;
  }

  private void option(String name, RegoValue value) {
    switch (name) {
      case "DNSName" -> {
        if (!(value instanceof RegoString s)) {
          throw Args.error("'DNSName' should be a string");
        }
        dnsName = s.value().replaceAll("^\"+|\"+$", "");
      }
      case "CurrentTime" -> {
        if (!(value instanceof RegoNumber n)) {
          throw Args.error("'CurrentTime' should be a number");
        }
        if (!n.isLong()) {
          throw Args.error("'CurrentTime' should be a valid int64 number");
        }
        time = Instant.ofEpochSecond(0, n.asLong());
      }
      case "MaxConstraintComparisons" -> {
        if (!(value instanceof RegoNumber n)) {
          throw Args.error("'MaxConstraintComparisons' should be a number");
        }
        if (!n.isLong()) {
          throw Args.error("'MaxConstraintComparisons' should be a valid number");
        }
      }
      case "KeyUsages" -> {
        if (!(value instanceof RegoArray) && !(value instanceof RegoSet)) {
          throw Args.error("'KeyUsages' should be an Array or Set");
        }
        List<String> unknown = new ArrayList<>();
        for (RegoValue item : Args.items(value, 2)) {
          if (item instanceof RegoString s) {
            int place = KEY_USAGES.indexOf(s.value().replaceAll("^\"+|\"+$", ""));
            if (place < 0) {
              unknown.add(s.value());
            } else {
              keyUsages.add((long) place);
            }
          }
        }
        if (!unknown.isEmpty()) {
          throw Args.error(
              "invalid entries for 'KeyUsages' found: [" + String.join(" ", unknown) + "]");
        }
      }
      default -> throw Args.error("invalid key option");
    }
  }

  /// The chain from the leaf to the root, or an empty list when there is none.
  List<X509Certificate> verify(List<X509Certificate> certificates) {
    if (certificates.size() < 2) {
      return List.of();
    }
    X509Certificate leaf = certificates.getLast();
    if (!isValid(leaf, List.of(), false) || (!dnsName.isEmpty() && !hasName(leaf))) {
      return List.of();
    }
    X509Certificate root = certificates.getFirst();
    if (Arrays.equals(leaf.raw(), root.raw())) {
      return fitsUsage(List.of(leaf)) ? List.of(leaf) : List.of();
    }
    List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
    return extend(chain, root, certificates.subList(1, certificates.size() - 1))
        ? chain
        : List.of();
  }

  private boolean extend(
      List<X509Certificate> chain, X509Certificate root, List<X509Certificate> between) {
    X509Certificate last = chain.getLast();
    if (isIssuer(root, last) && isValid(root, chain, false)) {
      chain.add(root);
      if (fitsUsage(chain) && X509NameConstraints.hold(chain)) {
        return true;
      }
      chain.removeLast();
    }
    for (X509Certificate next : between) {
      if (chain.stream().noneMatch(c -> Arrays.equals(c.raw(), next.raw()))
          && isIssuer(next, last)
          && isValid(next, chain, true)) {
        chain.add(next);
        if (extend(chain, root, between)) {
          return true;
        }
        chain.removeLast();
      }
    }
    return false;
  }

  private boolean isValid(X509Certificate c, List<X509Certificate> chain, boolean intermediate) {
    X509Extensions extensions = c.extensions();
    if (extensions.get("UnhandledCriticalExtensions") instanceof RegoArray
        || time.isBefore(c.notBefore())
        || time.isAfter(c.notAfter())) {
      return false;
    }
    boolean hasConstraints = extensions.flag("BasicConstraintsValid");
    if (intermediate && !(hasConstraints && extensions.flag("IsCA"))) {
      return false;
    }
    long maxPath = extensions.number("MaxPathLen");
    return !hasConstraints || maxPath < 0 || chain.size() - 1 <= maxPath;
  }

  private boolean isIssuer(X509Certificate parent, X509Certificate child) {
    X509Extensions of = parent.extensions();
    boolean hasConstraints = of.flag("BasicConstraintsValid");
    if (!Arrays.equals(parent.rawSubject(), child.rawIssuer())
        || (parent.version() == 3 && !hasConstraints)
        || (hasConstraints && !of.flag("IsCA"))
        || (of.number("KeyUsage") != 0 && (of.number("KeyUsage") & 32) == 0)
        || parent.keyAlgorithm() == 0) {
      return false;
    }
    // Up to 3 are MD2, MD5 and SHA-1 with RSA; 7 to 9 are DSA, and SHA-1 with ECDSA.
    long algorithm = child.signatureAlgorithm();
    if (algorithm <= 3 || (algorithm >= 7 && algorithm <= 9) || ++checks > MAX_SIGNATURE_CHECKS) {
      return false;
    }
    cx.spend(1_000);
    try {
      jdk(child).verify(jdk(parent).getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Certificate jdk(X509Certificate certificate) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(certificate.raw()));
  }

  /// Whether one of the wanted usages is allowed by every certificate of the chain.
  private boolean fitsUsage(List<X509Certificate> chain) {
    if (keyUsages.contains(0L)) {
      return true;
    }
    Set<Long> left = new HashSet<>(keyUsages);
    for (X509Certificate certificate : chain.reversed()) {
      RegoValue known = certificate.extensions().get("ExtKeyUsage");
      RegoValue unknown = certificate.extensions().get("UnknownExtKeyUsage");
      if (!(known instanceof RegoArray) && !(unknown instanceof RegoArray)) {
        continue;
      }
      Set<Long> allowed = new HashSet<>();
      if (known instanceof RegoArray usages) {
        usages.forEach(u -> allowed.add(((RegoNumber) u).asLong()));
      }
      if (!allowed.contains(0L)) {
        left.retainAll(allowed);
      }
    }
    return !left.isEmpty();
  }

  private boolean hasName(X509Certificate leaf) {
    String host = dnsName;
    if (host.length() >= 3 && host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    Address address = Address.parse(host);
    if (address != null) {
      return leaf.extensions().get("IPAddresses") instanceof RegoArray all
          && all.contains(RegoString.of(address.toString()));
    }
    if (!(leaf.extensions().get("DNSNames") instanceof RegoArray names)) {
      return false;
    }
    String wanted = dnsName.toLowerCase(Locale.ROOT);
    for (RegoValue name : names) {
      if (name instanceof RegoString pattern
          && matches(pattern.value().toLowerCase(Locale.ROOT), wanted)) {
        return true;
      }
    }
    return false;
  }

  /// A star stands for the whole first label only.
  private static boolean matches(String pattern, String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    if (name.isEmpty() || pattern.isEmpty()) {
      return false;
    }
    if (!pattern.startsWith("*.")) {
      return pattern.equals(name);
    }
    int dot = name.indexOf('.');
    return dot > 0 && name.substring(dot).equals(pattern.substring(1));
  }
}
