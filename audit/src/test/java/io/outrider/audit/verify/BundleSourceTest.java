package io.outrider.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An archive that wants more of a machine than it should.
class BundleSourceTest {
  @TempDir Path temp;

  private Path zip(int files, int bytes) throws IOException {
    Path zip = temp.resolve("bundle.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (int i = 0; i < files; i++) {
        out.putNextEntry(new ZipEntry("f" + i));
        out.write(new byte[bytes]);
      }
    }
    return zip;
  }

  @Test
  void moreEntriesThanThereMayBeAreToldWithTheirNumber() throws IOException {
    Path zip = zip(11, 1);
    assertThatThrownBy(() -> new BundleSource(zip, 10, 1_000))
        .isInstanceOf(IOException.class)
        .hasMessage("bundle: 11 entries (expected: at most 10)");
    try (BundleSource source = new BundleSource(zip, 11, 1_000)) {
      assertThat(source.names("f")).hasSize(11);
    }
  }

  @Test
  void moreBytesThanThereMayBeAreToldWithTheirNumber() throws IOException {
    Path zip = zip(3, 400);
    assertThatThrownBy(() -> new BundleSource(zip, 10, 1_000))
        .isInstanceOf(IOException.class)
        .hasMessage("bundle: 1200 bytes when unpacked (expected: at most 1000)");
  }

  /// The directory of the archive says that each is small.
  @Test
  void whatIsUnpackedIsCountedWhateverTheDirectorySays() throws IOException {
    Path zip = zip(3, 400);
    byte[] bytes = Files.readAllBytes(zip);
    for (int at = 0; at + 46 < bytes.length; at++) {
      if (bytes[at] == 'P' && bytes[at + 1] == 'K' && bytes[at + 2] == 1 && bytes[at + 3] == 2) {
        bytes[at + 24] = 1; // size when unpacked
        bytes[at + 25] = 0;
      }
    }
    Files.write(zip, bytes);
    try (BundleSource source = new BundleSource(zip, 10, 1_000)) {
      assertThat(source.read("f0", 500)).hasValueSatisfying(f -> assertThat(f).hasSize(400));
      assertThat(source.read("f1", 500)).hasValueSatisfying(f -> assertThat(f).hasSize(400));
      assertThatThrownBy(() -> source.read("f2", 500))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("as many bytes were unpacked as one may hold");
    }
    try (BundleSource source = new BundleSource(zip, 10, 1_000)) {
      assertThatThrownBy(() -> source.read("f0", 399))
          .isInstanceOf(IOException.class)
          .hasMessage("f0: more than 399 bytes when unpacked (expected: at most that)");
    }
  }
}
