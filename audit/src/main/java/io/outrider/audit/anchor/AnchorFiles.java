package io.outrider.audit.anchor;

import io.outrider.audit.format.Sha256;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.store.FileOps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/// What others vouched for, beside the log. Written by whoever asked them, also while another
/// process has the log open: each file appears whole, and any of two that come at the same time is
/// as good as the other.
public final class AnchorFiles {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final int NAME_BYTES = 8;

  private final FileOps files;
  private final Path root;

  /// @param root folder of the log
  public AnchorFiles(FileOps files, Path root) {
    this.files = files;
    this.root = root;
  }

  /// Keeps a cosigned checkpoint as the newest.
  public void cosigned(SignedNote note) throws IOException {
    put(root.resolve(Anchoring.COSIGNED), note.bytes());
  }

  /// Keeps a time stamp and the checkpoint it is for, under the same name. The name is that of this
  /// pair alone, for a stamp of the same second that another process gets may be for another
  /// checkpoint. The checkpoint is on disk before the stamp appears: without one there is no stamp
  /// to look for, so a crash between the two leaves a file that nobody reads.
  ///
  /// @param authority its name in the configuration
  public void timeStamp(String authority, Instant time, byte[] note, byte[] token)
      throws IOException {
    Path folder = root.resolve("anchors").resolve("tsa").resolve(authority);
    String name =
        STAMP.format(time) + "-" + HexFormat.of().formatHex(Sha256.of(note), 0, NAME_BYTES);
    put(folder.resolve(name + ".note"), note);
    put(folder.resolve(name + ".tsr"), token);
  }

  private void put(Path file, byte[] content) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IllegalArgumentException("file: " + file + " (expected: one inside a folder)");
    }
    files.createDirectories(folder);
    Path temporary =
        folder.resolve(
            file.getFileName() + "-" + HexFormat.of().toHexDigits(RANDOM.nextLong()) + ".tmp");
    try (FileOps.Handle handle = files.open(temporary, FileOps.Mode.CREATE)) {
      handle.write(ByteBuffer.wrap(content), 0);
      handle.force();
    }
    files.rename(temporary, file);
    files.forceDirectory(folder);
  }
}
