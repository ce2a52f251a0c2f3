package io.outrider.review.timestamp;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;

/// The answer of a time-stamping authority, as it is kept in a `.tsr` file.
final class Token {
  private final TimeStampResponse response;
  private final TimeStampToken token;

  private Token(TimeStampResponse response, TimeStampToken token) {
    this.response = response;
    this.token = token;
  }

  /// @throws IOException if it is no answer, or one without a token
  static Token parse(byte[] bytes) throws IOException {
    try {
      TimeStampResponse response = new TimeStampResponse(bytes);
      TimeStampToken token = response.getTimeStampToken();
      if (token == null) {
        throw new IOException(
            "time stamp: refused by the authority, status "
                + response.getStatus()
                + (response.getStatusString() == null ? "" : " " + response.getStatusString()));
      }
      return new Token(response, token);
    } catch (TSPException | RuntimeException e) {
      throw new IOException("time stamp: " + e.getMessage(), e);
    }
  }

  /// When the authority says it saw it. Means nothing before [#check].
  Instant time() {
    return token.getTimeStampInfo().getGenTime().toInstant();
  }

  TimeStampResponse response() {
    return response;
  }

  /// Checks that an authority that leads to one of the roots stamped these bytes. Its certificate
  /// must have been valid when it did, not today; whether it was revoked since is not asked, for
  /// that must not depend on a network years later.
  ///
  /// @throws IOException saying what does not stand
  void check(byte[] content, Authorities authorities) throws IOException {
    checkImprint(content);
    try {
      X509Certificate signer = signer();
      // Which includes that the certificate is for stamping the time, and for nothing else.
      token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
      checkPath(signer, authorities);
    } catch (TSPException | OperatorCreationException | GeneralSecurityException e) {
      throw new IOException("time stamp: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new IOException("time stamp: malformed: " + e.getMessage(), e);
    }
  }

  private void checkImprint(byte[] content) throws IOException {
    try {
      if (!token
              .getTimeStampInfo()
              .getMessageImprintAlgOID()
              .equals(NISTObjectIdentifiers.id_sha256)
          || !MessageDigest.isEqual(
              token.getTimeStampInfo().getMessageImprintDigest(),
              MessageDigest.getInstance("SHA-256").digest(content))) {
        throw new IOException("time stamp: is for something else than this checkpoint");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private X509Certificate signer() throws IOException, GeneralSecurityException {
    for (X509CertificateHolder holder : token.getCertificates().getMatches(null)) {
      if (token.getSID().match(holder)) {
        return new JcaX509CertificateConverter().getCertificate(holder);
      }
    }
    throw new IOException("time stamp: does not hold its signer's certificate");
  }

  private void checkPath(X509Certificate signer, Authorities authorities)
      throws GeneralSecurityException {
    List<X509Certificate> all = new ArrayList<>();
    for (X509CertificateHolder holder : token.getCertificates().getMatches(null)) {
      all.add(new JcaX509CertificateConverter().getCertificate(holder));
    }
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(signer);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(authorities.anchors(), target);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(all)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(time()));
    CertPathBuilder.getInstance("PKIX").build(parameters);
  }
}
