package io.outrider.sinks.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Whom to trust and who to be, from PEM files.
public final class Tls {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  /// Algorithms a PKCS#8 file may hold; the file does not say it in a form the JDK reads by itself.
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  private Tls() {}

  /// A context for connections to one receiver.
  ///
  /// @param ca authorities to trust, or null for those of the JDK
  /// @param cert certificate chain to show, leaf first, or null for none
  /// @param key its PKCS#8 key; given exactly when `cert` is
  /// @throws IOException naming the file that cannot be used
  public static SSLContext context(@Nullable Path ca, @Nullable Path cert, @Nullable Path key)
      throws IOException {
    if ((cert == null) != (key == null)) {
      throw new IOException("cert and key: one of them (expected: both or none)");
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManagerFactory keys = null;
      if (cert != null && key != null) {
        keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = empty();
        store.setKeyEntry(
            "sink", privateKey(key), new char[0], certificates(cert).toArray(new Certificate[0]));
        keys.init(store, new char[0]);
      }
      context.init(keys == null ? null : keys.getKeyManagers(), trust(ca), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  private static TrustManager @Nullable [] trust(@Nullable Path ca)
      throws IOException, GeneralSecurityException {
    if (ca == null) {
      return null;
    }
    KeyStore store = empty();
    int number = 0;
    for (Certificate certificate : certificates(ca)) {
      store.setCertificateEntry("ca-" + number++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file) throws IOException {
    Collection<? extends Certificate> found;
    try {
      found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(file)));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": not readable (expected: certificates in PEM)", e);
    }
    if (found.isEmpty()) {
      throw new IOException(file + ": no certificate (expected: at least one in PEM)");
    }
    return found;
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    Matcher pem = KEY.matcher(new String(bytes(file), StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw new IOException(file + ": no key (expected: PEM with BEGIN PRIVATE KEY, PKCS#8)");
    }
    PKCS8EncodedKeySpec spec;
    try {
      spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": the key is cut off or damaged (expected: base 64)", e);
    }
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // Of another algorithm.
      }
    }
    throw new IOException(file + ": unknown key (expected: one of " + ALGORITHMS + ")");
  }

  private static byte[] bytes(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException(file + ": cannot be read (expected: a PEM file)");
    }
    return Files.readAllBytes(file);
  }
}
