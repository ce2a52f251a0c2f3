package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An X.509 certificate, read from DER, in the form of Go's `x509.Certificate`.
record X509Certificate(
    RegoObject shown,
    byte[] raw,
    byte[] rawIssuer,
    byte[] rawSubject,
    int version,
    Instant notBefore,
    Instant notAfter,
    long signatureAlgorithm,
    long keyAlgorithm,
    X509Extensions extensions) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmssX", Locale.ROOT);

  /// Signature algorithms by their number in Go's enumeration.
  private static final Map<String, Integer> SIGNATURES =
      Map.ofEntries(
          Map.entry("1.2.840.113549.1.1.2", 1),
          Map.entry("1.2.840.113549.1.1.4", 2),
          Map.entry("1.2.840.113549.1.1.5", 3),
          Map.entry("1.3.14.3.2.29", 3),
          Map.entry("1.2.840.113549.1.1.11", 4),
          Map.entry("1.2.840.113549.1.1.12", 5),
          Map.entry("1.2.840.113549.1.1.13", 6),
          Map.entry("1.2.840.10040.4.3", 7),
          Map.entry("2.16.840.1.101.3.4.3.2", 8),
          Map.entry("1.2.840.10045.4.1", 9),
          Map.entry("1.2.840.10045.4.3.2", 10),
          Map.entry("1.2.840.10045.4.3.3", 11),
          Map.entry("1.2.840.10045.4.3.4", 12),
          Map.entry("1.3.101.112", 16));

  private static final Map<String, Integer> KEYS =
      Map.of(
          "1.2.840.113549.1.1.1", 1,
          "1.2.840.10040.4.1", 2,
          "1.2.840.10045.2.1", 3,
          "1.3.101.112", 4);

  /// The certificates that stand one after the other.
  static List<X509Certificate> all(byte[] der) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (int at = 0; at < der.length; ) {
      Der next = Der.read(der, at, der.length);
      if (certificates.size() == X509.MAX_CERTIFICATES) {
        throw Args.error("x509: more than " + X509.MAX_CERTIFICATES + " certificates");
      }
      certificates.add(of(next));
      at = next.to();
    }
    return certificates;
  }

  private static X509Certificate of(Der whole) {
    List<Der> outer = whole.expect(Der.SEQUENCE).children();
    if (outer.size() < 3) {
      throw Der.malformed();
    }
    Der tbs = outer.getFirst().expect(Der.SEQUENCE);
    List<Der> parts = tbs.children();
    int at = 0;
    int version = 1;
    if (!parts.isEmpty() && parts.getFirst().isContext(0)) {
      version = parts.getFirst().children().getFirst().integer().intValue() + 1;
      at = 1;
    }
    if (version < 1 || version > 3) {
      throw Args.error("x509: invalid version");
    }
    if (parts.size() < at + 6) {
      throw Args.error("x509: malformed tbs certificate");
    }
    BigInteger serial = parts.get(at).expect(Der.INTEGER).integer();
    if (serial.signum() < 0) {
      throw Args.error("x509: negative serial number");
    }
    Der algorithm = parts.get(at + 1).expect(Der.SEQUENCE);
    if (!Arrays.equals(algorithm.raw(), outer.get(1).raw())) {
      throw Args.error("x509: inner and outer signature algorithm identifiers don't match");
    }
    Der issuer = parts.get(at + 2);
    List<Der> validity = parts.get(at + 3).expect(Der.SEQUENCE).children();
    Der subject = parts.get(at + 4);
    Der key = parts.get(at + 5).expect(Der.SEQUENCE);
    X509Extensions extensions = X509Extensions.of(extensions(parts, at + 6, version));
    Instant notBefore = time(validity.get(0));
    Instant notAfter = time(validity.get(1));
    long signatureAlgorithm = signature(algorithm);
    long keyAlgorithm = keyAlgorithm(key);
    RegoObject.Builder shown =
        RegoObject.builder()
            .put("Raw", X509Names.base64(whole.raw()))
            .put("RawTBSCertificate", X509Names.base64(tbs.raw()))
            .put("RawSubjectPublicKeyInfo", X509Names.base64(key.raw()))
            .put("RawSubject", X509Names.base64(subject.raw()))
            .put("RawIssuer", X509Names.base64(issuer.raw()))
            .put("Signature", X509Names.base64(outer.get(2).bits()))
            .put("SignatureAlgorithm", signatureAlgorithm)
            .put("PublicKeyAlgorithm", keyAlgorithm)
            .put("PublicKey", publicKey(key, keyAlgorithm))
            .put("Version", version)
            .put("SerialNumber", RegoNumber.of(serial))
            .put("Issuer", X509Names.name(issuer))
            .put("Subject", X509Names.name(subject))
            .put("NotBefore", notBefore.toString())
            .put("NotAfter", notAfter.toString());
    extensions.putInto(shown);
    return new X509Certificate(
        shown.build(),
        whole.raw(),
        issuer.raw(),
        subject.raw(),
        version,
        notBefore,
        notAfter,
        signatureAlgorithm,
        keyAlgorithm,
        extensions);
  }

  private static @Nullable Der extensions(List<Der> parts, int from, int version) {
    for (Der part : parts.subList(from, parts.size())) {
      if (version == 3 && part.isContext(3)) {
        return part.children().getFirst();
      }
    }
    return null;
  }

  private static Instant time(Der der) {
    String text = new String(der.content(), StandardCharsets.US_ASCII);
    String full = text;
    if (der.is(0x17)) {
      full = (text.compareTo("5") < 0 ? "20" : "19") + text;
    }
    try {
      return OffsetDateTime.parse(full, TIME).toInstant();
    } catch (DateTimeException e) {
      throw Args.error("x509: malformed time: " + text);
    }
  }

  static long signature(Der algorithm) {
    List<Der> parts = algorithm.children();
    String oid = parts.getFirst().expect(Der.OID).oidText();
    if (oid.equals("1.2.840.113549.1.1.10")) {
      return pss(parts);
    }
    return SIGNATURES.getOrDefault(oid, 0);
  }

  /// RSASSA-PSS says its hash in its parameters; only the usual ones have a number.
  private static long pss(List<Der> parts) {
    if (parts.size() < 2) {
      return 0;
    }
    String hash = "";
    String maskHash = "";
    int salt = 20;
    for (Der parameter : parts.get(1).children()) {
      Der value = parameter.children().getFirst();
      if (parameter.isContext(0)) {
        hash = value.children().getFirst().oidText();
      } else if (parameter.isContext(1) && value.children().size() > 1) {
        maskHash = value.children().get(1).children().getFirst().oidText();
      } else if (parameter.isContext(2)) {
        salt = value.integer().intValue();
      }
    }
    return switch (hash.equals(maskHash) ? hash + "/" + salt : "") {
      case "2.16.840.1.101.3.4.2.1/32" -> 13;
      case "2.16.840.1.101.3.4.2.2/48" -> 14;
      case "2.16.840.1.101.3.4.2.3/64" -> 15;
      default -> 0;
    };
  }

  static long keyAlgorithm(Der info) {
    Der algorithm = info.children().getFirst();
    return KEYS.getOrDefault(algorithm.children().getFirst().expect(Der.OID).oidText(), 0);
  }

  static RegoValue publicKey(Der info, long algorithm) {
    List<Der> parts = info.children();
    byte[] bits = parts.get(1).bits();
    return switch ((int) algorithm) {
      case 1 -> {
        List<Der> numbers = Der.of(bits).expect(Der.SEQUENCE).children();
        yield RegoObject.builder()
            .put("N", RegoNumber.of(numbers.get(0).expect(Der.INTEGER).integer()))
            .put("E", RegoNumber.of(numbers.get(1).expect(Der.INTEGER).integer()))
            .build();
      }
      case 3 -> ecKey(parts.getFirst().children(), bits);
      case 4 -> X509Names.base64(bits);
      default -> RegoNull.NULL;
    };
  }

  private static RegoValue ecKey(List<Der> algorithm, byte[] point) {
    EcCurve curve = algorithm.size() < 2 ? null : EcCurve.ofOid(algorithm.get(1).oidText());
    if (curve == null) {
      throw Args.error("x509: unsupported elliptic curve");
    }
    int octets = curve.octets();
    if (point.length != 2 * octets + 1 || point[0] != 4) {
      throw Args.error("x509: failed to unmarshal elliptic curve point");
    }
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, octets + 1));
    BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, octets + 1, point.length));
    if (!curve.contains(x, y)) {
      throw Args.error("x509: failed to unmarshal elliptic curve point");
    }
    return RegoObject.builder()
        .put("Curve", RegoObject.EMPTY)
        .put("X", RegoNumber.of(x))
        .put("Y", RegoNumber.of(y))
        .build();
  }

  /// The certificate as Go's JSON shows it.
  ///
  /// @param withUriStrings whether OPA's own member with the URIs as text is there
  RegoValue toRego(boolean withUriStrings) {
    RegoObject.Builder object = shown.toBuilder();
    if (withUriStrings) {
      object.put("URIStrings", extensions.get("URIStrings"));
      return object.build();
    }
    RegoObject.Builder without = RegoObject.builder();
    for (RegoObject.Entry entry : shown) {
      if (!entry.key().equals(RegoString.of("URIStrings"))) {
        without.put(entry.key(), entry.value());
      }
    }
    return without.build();
  }
}
