package io.outrider.review.timestamp;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.verify.Anchor;
import io.outrider.audit.verify.AnchorReader;
import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the time stamps kept beside a log, the newest of each authority, and checks them with
/// nothing but the roots that are trusted.
public final class TimeStampReader implements AnchorReader {
  private static final String FOLDER = "anchors/tsa";
  private static final String KIND = "time stamp";
  private static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";

  /// When, and by what checkpoint; the first ones were named by the time alone.
  private static final String TOKEN = "\\d{8}T\\d{6}Z(-[0-9a-f]{16})?\\.tsr";

  /// More are not asked by anybody, and each must be read.
  private static final int MAX_AUTHORITIES = 100;

  private final Optional<Authorities> authorities;

  /// @param authorities the roots; without them stamps are shown and prove nothing
  public TimeStampReader(Optional<Authorities> authorities) {
    this.authorities = authorities;
  }

  @Override
  public List<Found> read(LogSource source) throws IOException {
    List<Found> found = new ArrayList<>();
    List<String> names = source.list(FOLDER);
    if (names.size() > MAX_AUTHORITIES) {
      throw new IOException(
          FOLDER + ": " + names.size() + " names (expected: at most " + MAX_AUTHORITIES + ")");
    }
    for (String authority : names) {
      if (authority.matches(NAME)) {
        String folder = FOLDER + "/" + authority;
        Optional<String> newest =
            source.list(folder).stream().filter(name -> name.matches(TOKEN)).reduce((a, b) -> b);
        if (newest.isPresent()) {
          found.add(read(source, authority, folder + "/" + newest.get()));
        }
      }
    }
    return found;
  }

  private Found read(LogSource source, String authority, String path) throws IOException {
    byte[] note = source.read(path.replace(".tsr", ".note")).orElse(new byte[0]);
    byte[] bytes = source.read(path).orElse(new byte[0]);
    long size = 0;
    Instant time = Instant.EPOCH;
    try {
      size = Checkpoint.parse(SignedNote.parse(note).text()).size();
      Token token = Token.parse(bytes);
      time = token.time();
      if (authorities.isPresent()) {
        token.check(note, authorities.get());
      }
      return new Found(new Anchor(KIND, authority, size, time, authorities.isPresent()), note, "");
    } catch (FormatException | IOException e) {
      return new Found(
          new Anchor(KIND, authority, size, time, false), note, path + ": " + e.getMessage());
    }
  }
}
