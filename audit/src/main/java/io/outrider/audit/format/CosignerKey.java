package io.outrider.audit.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// The public key of a witness (C2SP tlog-cosignature): it signs, with the time, that a checkpoint
/// is the largest it has seen of a log that only ever grew.
public final class CosignerKey {

  /// How a witness signs.
  public enum Algorithm {
    /// `cosignature/v1`: Ed25519 over the text of the checkpoint.
    ED25519(0x04, 32, 64, "Ed25519", "302a300506032b6570032100"),
    /// `subtree/v1`: ML-DSA-44 over the witness's name, the log's origin, the size and the root.
    ML_DSA_44(0x06, 1312, 2420, "ML-DSA-44", "30820532300b06096086480165030403110382052100");

    private final byte type;
    private final int keyBytes;
    private final int signatureBytes;
    private final String jca;

    /// DER of SubjectPublicKeyInfo up to the key itself (RFC 8410, RFC 9881).
    private final byte[] spkiPrefix;

    Algorithm(int type, int keyBytes, int signatureBytes, String jca, String spkiPrefix) {
      this.type = (byte) type;
      this.keyBytes = keyBytes;
      this.signatureBytes = signatureBytes;
      this.jca = jca;
      this.spkiPrefix = HexFormat.of().parseHex(spkiPrefix);
    }

    /// The name of the algorithm.
    public String title() {
      return jca;
    }
  }

  private static final String SUBTREE = "subtree/v1\n\0";

  private final String name;
  private final Algorithm algorithm;
  private final byte[] key;
  private final int id;
  private final PublicKey publicKey;

  /// @throws IllegalArgumentException if the name is not allowed in a note or the key is none
  public CosignerKey(String name, Algorithm algorithm, byte[] key) {
    this.name = VerifierKey.checkName(name);
    this.algorithm = algorithm;
    if (key.length != algorithm.keyBytes) {
      throw new IllegalArgumentException(
          "witness key: " + key.length + " bytes (expected: " + algorithm.keyBytes + ")");
    }
    this.key = key.clone();
    this.id = VerifierKey.keyId(name, algorithm.type, key);
    byte[] der = Arrays.copyOf(algorithm.spkiPrefix, algorithm.spkiPrefix.length + key.length);
    System.arraycopy(key, 0, der, algorithm.spkiPrefix.length, key.length);
    try {
      this.publicKey =
          KeyFactory.getInstance(algorithm.jca).generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("witness key: not an " + algorithm.jca + " public key", e);
    }
  }

  /// Reads the text form: `<name>+<key id>+<base64 of 0x04 or 0x06 and the key>`.
  ///
  /// @throws IllegalArgumentException if it is not a well-formed key of a witness whose id fits
  public static CosignerKey parse(String text) {
    String trimmed = text.strip();
    String[] parts = trimmed.split("\\+", 3);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "witness key: \"" + trimmed + "\" (expected: name+id+base64)");
    }
    byte[] typed;
    try {
      typed = StrictBase64.decode(parts[2]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("witness key: part after the second + is not base64", e);
    }
    int type = typed.length == 0 ? -1 : typed[0];
    for (Algorithm algorithm : Algorithm.values()) {
      if (algorithm.type == type) {
        CosignerKey key =
            new CosignerKey(parts[0], algorithm, Arrays.copyOfRange(typed, 1, typed.length));
        if (!key.idHex().equals(parts[1])) {
          throw new IllegalArgumentException(
              "witness key: id " + parts[1] + " (expected: " + key.idHex() + ")");
        }
        return key;
      }
    }
    throw new IllegalArgumentException(
        "witness key: type "
            + type
            + (type == VerifierKey.ED25519 ? ", the key of a log" : "")
            + " (expected: 4 for Ed25519 or 6 for ML-DSA-44)");
  }

  public String name() {
    return name;
  }

  public Algorithm algorithm() {
    return algorithm;
  }

  public int id() {
    return id;
  }

  /// The id as eight hex digits.
  public String idHex() {
    return HexFormat.of().toHexDigits(id);
  }

  /// Whether both hold the same key, under whatever name.
  public boolean sameKey(CosignerKey other) {
    return Arrays.equals(key, other.key);
  }

  /// When this witness cosigned the note; empty if it did not, or if its signature is wrong.
  ///
  /// @throws FormatException if the note is not a checkpoint
  public Optional<Instant> cosigned(SignedNote note) throws FormatException {
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    Optional<Instant> newest = Optional.empty();
    for (SignedNote.Signature signature : note.signatures()) {
      if (signature.keyId() == id && signature.name().equals(name)) {
        Optional<Instant> time = verify(note.text(), checkpoint, signature.bytes());
        if (time.isPresent() && (newest.isEmpty() || newest.get().isBefore(time.get()))) {
          newest = time;
        }
      }
    }
    return newest;
  }

  private Optional<Instant> verify(String text, Checkpoint checkpoint, byte[] stamped) {
    if (stamped.length != Long.BYTES + algorithm.signatureBytes) {
      return Optional.empty();
    }
    long time = ByteBuffer.wrap(stamped).getLong();
    if (time < 0) {
      return Optional.empty();
    }
    try {
      Signature verifier = Signature.getInstance(algorithm.jca);
      verifier.initVerify(publicKey);
      verifier.update(message(text, checkpoint, time));
      return verifier.verify(stamped, Long.BYTES, algorithm.signatureBytes)
          ? Optional.of(Instant.ofEpochSecond(time))
          : Optional.empty();
    } catch (GeneralSecurityException | DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// What a witness of this name and algorithm signs.
  public byte[] message(String text, Checkpoint checkpoint, long time) {
    return switch (algorithm) {
      case ED25519 ->
          ("cosignature/v1\ntime " + time + "\n" + text).getBytes(StandardCharsets.UTF_8);
      case ML_DSA_44 -> {
        byte[] cosigner = name.getBytes(StandardCharsets.UTF_8);
        byte[] origin = checkpoint.origin().getBytes(StandardCharsets.UTF_8);
        if (cosigner.length > 255 || origin.length > 255) {
          throw new IllegalArgumentException(
              "name: "
                  + Math.max(cosigner.length, origin.length)
                  + " bytes (expected: at most 255)");
        }
        yield ByteBuffer.allocate(
                SUBTREE.length()
                    + 1
                    + cosigner.length
                    + Long.BYTES
                    + 1
                    + origin.length
                    + 2 * Long.BYTES
                    + Sha256.BYTES)
            .put(SUBTREE.getBytes(StandardCharsets.US_ASCII))
            .put((byte) cosigner.length)
            .put(cosigner)
            .putLong(time)
            .put((byte) origin.length)
            .put(origin)
            .putLong(0)
            .putLong(checkpoint.size())
            .put(checkpoint.root())
            .array();
      }
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CosignerKey that
        && name.equals(that.name)
        && algorithm == that.algorithm
        && Arrays.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return id;
  }

  /// The text form.
  @Override
  public String toString() {
    byte[] typed = new byte[key.length + 1];
    typed[0] = algorithm.type;
    System.arraycopy(key, 0, typed, 1, key.length);
    return name + "+" + idHex() + "+" + Base64.getEncoder().encodeToString(typed);
  }
}
