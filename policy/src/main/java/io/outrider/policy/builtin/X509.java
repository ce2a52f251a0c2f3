package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `crypto.x509.*` functions.
final class X509 {
  /// More in one text are refused; the longest chains in use have less than ten.
  static final int MAX_CERTIFICATES = 1_000;

  private static final RegoArray UNVERIFIED = RegoArray.of(RegoBoolean.FALSE, RegoArray.EMPTY);

  private X509() {}

  static void register(Registry r) {
    r.one("crypto.x509.parse_certificates", a -> shown(read(Args.string(a, 1)), true));
    r.any(
        "crypto.x509.parse_and_verify_certificates",
        (cx, a) -> verify(cx, Args.string(a[0], 1), null));
    r.any(
        "crypto.x509.parse_and_verify_certificates_with_options",
        (cx, a) -> verify(cx, Args.string(a[0], 1), Args.object(a[1], 2)));
    r.one("crypto.x509.parse_certificate_request", a -> request(Args.string(a, 1)));
    r.two("crypto.x509.parse_keypair", X509::keyPair);
  }

  private static RegoArray shown(List<X509Certificate> certificates, boolean withUriStrings) {
    RegoArray.Builder shown = RegoArray.builder();
    certificates.forEach(c -> shown.add(c.toRego(withUriStrings)));
    return shown.build();
  }

  /// Certificates in PEM, or in base64 of PEM or of DER.
  private static List<X509Certificate> read(String text) {
    if (Pem.isPem(text)) {
      return ofPem(text);
    }
    byte[] bytes = Base64Text.STANDARD.decode(text);
    String decoded = new String(bytes, StandardCharsets.ISO_8859_1);
    return Pem.isPem(decoded) ? ofPem(decoded) : X509Certificate.all(bytes);
  }

  private static List<X509Certificate> ofPem(String text) {
    ByteArrayOutputStream der = new ByteArrayOutputStream();
    for (Pem.Block block : Pem.blocks(text)) {
      if (!block.type().equals("CERTIFICATE")) {
        throw Args.error("PEM block type is '" + block.type() + "', expected CERTIFICATE");
      }
      der.writeBytes(block.bytes());
    }
    return X509Certificate.all(der.toByteArray());
  }

  private static RegoValue verify(BuiltinContext cx, String text, @Nullable RegoObject options) {
    List<X509Certificate> certificates;
    try {
      certificates = read(text);
    } catch (BuiltinException e) {
      return UNVERIFIED;
    }
    X509Chain chain = X509Chain.withOptions(cx, options);
    List<X509Certificate> found = chain.verify(certificates);
    return found.isEmpty()
        ? UNVERIFIED
        : RegoArray.of(RegoBoolean.TRUE, shown(found, options == null));
  }

  private static RegoValue request(String text) {
    byte[] der;
    if (text.startsWith("-----BEGIN CERTIFICATE REQUEST-----")) {
      der = text.getBytes(StandardCharsets.ISO_8859_1);
    } else {
      der = Base64Text.STANDARD.decode(text);
    }
    List<Pem.Block> blocks = Pem.blocks(new String(der, StandardCharsets.ISO_8859_1));
    if (!blocks.isEmpty()) {
      if (!blocks.getFirst().type().equals("CERTIFICATE REQUEST")) {
        throw Args.error("invalid PEM-encoded certificate signing request");
      }
      der = blocks.getFirst().bytes();
    }
    Der whole = Der.of(der);
    List<Der> outer = whole.expect(Der.SEQUENCE).children();
    if (outer.size() < 3) {
      throw Args.error("asn1: structure error: sequence truncated");
    }
    Der info = outer.getFirst().expect(Der.SEQUENCE);
    List<Der> parts = info.children();
    if (parts.size() < 3) {
      throw Args.error("asn1: structure error: sequence truncated");
    }
    Der key = parts.get(2).expect(Der.SEQUENCE);
    long algorithm = X509Certificate.keyAlgorithm(key);
    List<Der> attributes = parts.size() > 3 ? parts.get(3).children() : List.of();
    X509Extensions extensions = X509Extensions.of(requestedExtensions(attributes));
    RegoObject.Builder request =
        RegoObject.builder()
            .put("Raw", X509Names.base64(whole.raw()))
            .put("RawTBSCertificateRequest", X509Names.base64(info.raw()))
            .put("RawSubjectPublicKeyInfo", X509Names.base64(key.raw()))
            .put("RawSubject", X509Names.base64(parts.get(1).raw()))
            .put("Version", RegoNumber.of(parts.get(0).expect(Der.INTEGER).integer()))
            .put("Signature", X509Names.base64(outer.get(2).bits()))
            .put("SignatureAlgorithm", X509Certificate.signature(outer.get(1)))
            .put("PublicKeyAlgorithm", algorithm)
            .put("PublicKey", X509Certificate.publicKey(key, algorithm))
            .put("Subject", X509Names.name(parts.get(1)))
            .put("Attributes", attributes(attributes))
            .put("ExtraExtensions", RegoNull.NULL);
    for (String member :
        new String[] {"Extensions", "DNSNames", "EmailAddresses", "IPAddresses", "URIs"}) {
      request.put(member, extensions.get(member));
    }
    return request.build();
  }

  private static @Nullable Der requestedExtensions(List<Der> attributes) {
    for (Der attribute : attributes) {
      List<Der> parts = attribute.children();
      if (parts.size() > 1 && parts.get(0).oidText().equals("1.2.840.113549.1.9.14")) {
        return parts.get(1).children().getFirst();
      }
    }
    return null;
  }

  /// The attributes whose values are lists of pairs; Go leaves out all others.
  private static RegoValue attributes(List<Der> attributes) {
    List<RegoValue> shown = new ArrayList<>();
    for (Der attribute : attributes) {
      List<Der> parts = attribute.children();
      if (parts.size() < 2 || !parts.get(1).is(Der.SET)) {
        continue;
      }
      List<RegoValue> values = new ArrayList<>();
      for (Der value : parts.get(1).children()) {
        List<RegoValue> pairs = pairs(value);
        if (pairs != null) {
          values.add(RegoArray.of(pairs));
        }
      }
      if (values.size() == parts.get(1).children().size()) {
        shown.add(
            RegoObject.builder()
                .put("Type", X509Names.numbers(parts.get(0).oid()))
                .put("Value", RegoArray.of(values))
                .build());
      }
    }
    return X509Extensions.orNull(shown);
  }

  private static @Nullable List<RegoValue> pairs(Der value) {
    if (!value.is(Der.SEQUENCE)) {
      return null;
    }
    List<RegoValue> pairs = new ArrayList<>();
    for (Der pair : value.children()) {
      if (!pair.is(Der.SEQUENCE)) {
        return null;
      }
      List<Der> parts = pair.children();
      if (parts.size() < 2 || !parts.getFirst().is(Der.OID)) {
        return null;
      }
      pairs.add(
          RegoObject.builder()
              .put("Type", X509Names.numbers(parts.getFirst().oid()))
              .put("Value", any(parts.get(1)))
              .build());
    }
    return pairs;
  }

  private static RegoValue any(Der der) {
    return switch (der.tag()) {
      case Der.OCTET_STRING -> X509Names.base64(der.content());
      case 0x01 -> RegoBoolean.of(der.content()[0] != 0);
      case Der.INTEGER -> RegoNumber.of(der.integer());
      case Der.OID -> X509Names.numbers(der.oid());
      case 0x0c, 0x12, 0x13, 0x14, 0x16, 0x1e -> RegoString.of(X509Names.string(der));
      default -> RegoNull.NULL;
    };
  }

  private static RegoValue keyPair(RegoValue certificate, RegoValue key) {
    List<X509Certificate> certificates = new ArrayList<>();
    RegoArray.Builder raw = RegoArray.builder();
    String certificateText = Args.string(certificate, 1);
    String keyText = Args.string(key, 1);
    for (Pem.Block block : pem(certificateText, "CERTIFICATE")) {
      if (block.type().equals("CERTIFICATE")) {
        certificates.addAll(X509Certificate.all(block.bytes()));
        raw.add(X509Names.base64(block.bytes()));
      }
    }
    if (certificates.isEmpty()) {
      throw Args.error("tls: failed to find any PEM data in certificate input");
    }
    PrivateKeys.Key privateKey = null;
    for (Pem.Block block : pem(keyText, "PRIVATE KEY")) {
      if (block.type().equals("PRIVATE KEY") || block.type().endsWith(" PRIVATE KEY")) {
        privateKey = PrivateKeys.any(block.bytes());
        break;
      }
    }
    if (privateKey == null) {
      throw Args.error("tls: failed to find any PEM data in key input");
    }
    if (!PrivateKeys.fits(privateKey, certificates.getFirst())) {
      throw Args.error("tls: private key does not match public key");
    }
    return RegoObject.builder()
        .put("Certificate", raw.build())
        .put("Leaf", certificates.getFirst().toRego(false))
        .put("OCSPStaple", RegoNull.NULL)
        .put("PrivateKey", PrivateKeys.shown(privateKey))
        .put("SignedCertificateTimestamps", RegoNull.NULL)
        .put("SupportedSignatureAlgorithms", RegoNull.NULL)
        .build();
  }

  /// The blocks of a PEM text, which may be in base64; anything else in base64 is taken for DER.
  private static List<Pem.Block> pem(String text, String type) {
    if (text.startsWith("-----BEGIN ")) {
      return Pem.blocks(text);
    }
    byte[] bytes = Base64Text.STANDARD.decode(text);
    String decoded = new String(bytes, StandardCharsets.ISO_8859_1);
    return decoded.startsWith("-----BEGIN ")
        ? Pem.blocks(decoded)
        : List.of(new Pem.Block(type, bytes));
  }
}
