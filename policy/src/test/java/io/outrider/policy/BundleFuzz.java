package io.outrider.policy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/// Any bytes, packed as a bundle and read as a manifest and as data, are read or refused with an
/// [IOException].
public final class BundleFuzz {
  private BundleFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    ByteArrayInputStream packed = new ByteArrayInputStream(packed(data));
    String text = new String(data, StandardCharsets.UTF_8);
    ignoringRefusal(() -> BundleReader.read("fuzz.tar.gz", packed, true));
    ignoringRefusal(() -> BundleManifest.read(".manifest", text));
    ignoringRefusal(() -> PolicyLoader.document("data.json", text));
    ignoringRefusal(() -> PolicyLoader.document("data.yaml", text));
  }

  private interface Reading {
    void run() throws IOException;
  }

  private static void ignoringRefusal(Reading reading) {
    try {
      reading.run();
    } catch (IOException expected) {
      if (expected.getMessage() == null) {
        throw new AssertionError("refused without a reason", expected);
      }
    }
  }

  private static byte[] packed(byte[] data) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
