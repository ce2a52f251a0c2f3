package io.outrider.audit.anchor;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.CosignerKey;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// The private half of a witness, with its own spelling of what a witness signs.
public final class WitnessSigner {
  private final CosignerKey key;
  private final KeyPair pair;

  private WitnessSigner(String name, CosignerKey.Algorithm algorithm, int keyBytes)
      throws GeneralSecurityException {
    this.pair = KeyPairGenerator.getInstance(algorithm.title()).generateKeyPair();
    byte[] spki = pair.getPublic().getEncoded();
    this.key =
        new CosignerKey(
            name, algorithm, Arrays.copyOfRange(spki, spki.length - keyBytes, spki.length));
  }

  public static WitnessSigner ed25519(String name) throws GeneralSecurityException {
    return new WitnessSigner(name, CosignerKey.Algorithm.ED25519, 32);
  }

  public static WitnessSigner mlDsa(String name) throws GeneralSecurityException {
    return new WitnessSigner(name, CosignerKey.Algorithm.ML_DSA_44, 1312);
  }

  public CosignerKey key() {
    return key;
  }

  /// A signature line's content for the note, as of `time`.
  public SignedNote.Signature cosign(SignedNote note, Instant time)
      throws GeneralSecurityException, FormatException {
    long seconds = time.getEpochSecond();
    Signature signer = Signature.getInstance(key.algorithm().title());
    signer.initSign(pair.getPrivate());
    signer.update(message(note, seconds));
    byte[] signature = signer.sign();
    return new SignedNote.Signature(
        key.name(),
        key.id(),
        ByteBuffer.allocate(8 + signature.length).putLong(seconds).put(signature).array());
  }

  private byte[] message(SignedNote note, long seconds) throws FormatException {
    if (key.algorithm() == CosignerKey.Algorithm.ED25519) {
      return String.join("", List.of("cosignature/v1\n", "time " + seconds + "\n", note.text()))
          .getBytes(StandardCharsets.UTF_8);
    }
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    byte[] name = key.name().getBytes(StandardCharsets.UTF_8);
    byte[] origin = checkpoint.origin().getBytes(StandardCharsets.UTF_8);
    ByteBuffer message = ByteBuffer.allocate(12 + 1 + name.length + 8 + 1 + origin.length + 48);
    message.put(new byte[] {'s', 'u', 'b', 't', 'r', 'e', 'e', '/', 'v', '1', '\n', 0});
    message.put((byte) name.length).put(name).putLong(seconds);
    message.put((byte) origin.length).put(origin);
    return message.putLong(0).putLong(checkpoint.size()).put(checkpoint.root()).array();
  }
}
