package io.outrider.app.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Who can read the log, and where its key is.
final class RightsCheck {
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private RightsCheck() {}

  static List<Finding> look(Path folder) throws IOException {
    List<Finding> findings = new ArrayList<>();
    findings.add(rights("folder rights", folder, "chmod 700"));
    Path key = folder.resolve("signing.key");
    if (Files.exists(key)) {
      findings.add(rights("key rights", key, "chmod 600"));
      findings.add(
          Files.getOwner(key).equals(Files.getOwner(folder))
              ? Finding.ok("owner", Files.getOwner(folder).getName() + " owns folder and key")
              : Finding.bad(
                  "owner",
                  "the folder is "
                      + Files.getOwner(folder).getName()
                      + "'s and the key "
                      + Files.getOwner(key).getName()
                      + "'s",
                  "give both to the user that Outrider runs as"));
      findings.add(keyPlace(folder, key));
    } else {
      findings.add(
          Finding.ok("key rights", "there is no signing key: a copy, which nobody can go on with"));
    }
    return findings;
  }

  private static Finding rights(String name, Path path, String advice) throws IOException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path);
    String what = PosixFilePermissions.toString(rights);
    return rights.stream().noneMatch(OTHERS::contains)
        ? Finding.ok(name, what)
        : Finding.bad(name, what + ": others can use it", advice + " " + path);
  }

  /// The last signed state guards against a rollback only as long as it is not rolled back too.
  private static Finding keyPlace(Path folder, Path key) throws IOException {
    String name = "key place";
    Path cosigned = folder.resolve("anchors").resolve("cosigned");
    if (Files.exists(cosigned)) {
      return Finding.ok(name, "beside the log; witnesses would see if both were put back");
    }
    return Files.getFileStore(key).equals(Files.getFileStore(folder.resolve("checkpoint")))
        ? Finding.warn(
            name,
            "key, log and last signed state are on one disk: who puts that back to an older state"
                + " is not found out",
            "configure witnesses (audit.anchors), or keep checkpoints elsewhere and give them to"
                + " outrider audit verify --since")
        : Finding.ok(name, "on another disk than the log");
  }
}
