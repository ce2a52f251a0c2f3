package io.outrider.audit.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where a log is written. A copy of its folder has the same signing key in another file, and
/// whatever is signed there contradicts what the log itself signs; so whoever writes a log says in
/// `state/place` which file its key is, and a command that finds another one signs nothing.
///
/// A file is known by its number in the file system. A copy made of files has other numbers; a
/// snapshot or an image of the whole disk has the same, and is not told apart.
///
/// A folder that was put back from a backup is taken over by the next start of the writer. Where a
/// file system does not number its files, nothing is known and nothing is refused.
public final class Place {
  private final Folder folder;

  Place(Folder folder) {
    this.folder = folder;
  }

  /// The log in the folder that `config` names.
  public static Place of(LogStore.Config config) {
    return new Place(new Folder(config.files(), config.directory()));
  }

  /// Makes this folder the one in which the log is written.
  ///
  /// @return whether another one was before
  boolean claim() throws IOException {
    Optional<String> here = here();
    Optional<String> written = written();
    if (here.isPresent() && !here.equals(written)) {
      folder.replace(folder.place(), (here.get() + "\n").getBytes(StandardCharsets.UTF_8));
      return written.isPresent();
    }
    return false;
  }

  /// Whether the folder is a copy of the one in which the log is written. Nothing is changed by
  /// asking.
  public boolean isCopy() throws IOException {
    Optional<String> here = here();
    Optional<String> written = written();
    return here.isPresent() && written.isPresent() && !here.equals(written) && !isInUse();
  }

  private Optional<String> here() throws IOException {
    return folder.files().exists(folder.signingKey())
        ? folder.files().identity(folder.signingKey())
        : Optional.empty();
  }

  private Optional<String> written() throws IOException {
    return folder
        .read(folder.place())
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
  }

  /// A process that writes here knows best that it does.
  private boolean isInUse() throws IOException {
    if (!folder.files().exists(folder.lock())) {
      return false;
    }
    try (Closeable _ = folder.files().lock(folder.lock())) {
      return false;
    } catch (LogInUseException e) {
      return true;
    }
  }
}
