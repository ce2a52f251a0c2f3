package io.outrider.review.timestamp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Set;

/// The root certificates that a time stamp's signer must lead to.
public final class Authorities {
  private final Set<TrustAnchor> anchors;

  private Authorities(Set<TrustAnchor> anchors) {
    this.anchors = anchors;
  }

  /// Reads a PEM file with one certificate or more.
  ///
  /// @throws IOException if it cannot be read, or holds none
  public static Authorities read(Path pem) throws IOException {
    Set<TrustAnchor> anchors = new HashSet<>();
    try (InputStream in = Files.newInputStream(pem)) {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        anchors.add(new TrustAnchor((X509Certificate) certificate, null));
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(pem + ": " + e.getMessage() + " (expected: certificates in PEM)", e);
    }
    if (anchors.isEmpty()) {
      throw new IOException(pem + ": no certificate (expected: at least one, in PEM)");
    }
    return new Authorities(anchors);
  }

  Set<TrustAnchor> anchors() {
    return anchors;
  }
}
