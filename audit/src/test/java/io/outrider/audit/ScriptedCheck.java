package io.outrider.audit;

import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.Filter;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Problem;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Opens a maltreated log as the next process would, and holds it to what a [ScriptedWriter] said:
/// each acknowledged record is there, each call has an outcome, and the verifier finds nothing.
/// Arguments: the folder, and files with what writers said. Ends with 0 and one line of counts, or
/// with 1.
final class ScriptedCheck {
  private ScriptedCheck() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    List<String[]> said = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      for (String line : Files.readAllLines(Path.of(args[i]))) {
        String[] parts = line.split(" ", -1);
        // The last line may be cut.
        if (parts.length == 3 && parts[2].equals(".")) {
          said.add(parts);
        }
      }
    }
    AuditLog.open(
            AuditOptions.in(folder).withOrigin("example.com/script").withSegmentBytes(1 << 18))
        .close();
    List<LogEntry> entries = new ArrayList<>();
    AuditQuery.run(LogSource.folder(folder), 0, Filter.ALL, entries::add);
    int lost = 0;
    for (String[] record : said) {
      int index = Integer.parseInt(record[0]);
      if (index >= entries.size()
          || !entries.get(index).leaf().text("call").orElse("").equals(record[1])) {
        lost++;
      }
    }
    Verification result = AuditVerifier.verify(LogSource.folder(folder), null);
    System.out.printf(
        "acknowledged %d lost %d records %d recoveries %d torn %d indeterminate %d verdict %s%n",
        said.size(),
        lost,
        entries.size(),
        count(entries, "ev", "recovery"),
        entries.stream().filter(e -> e.leaf().text("f.truncated_at").isPresent()).count(),
        count(entries, "out", "indeterminate"),
        result.verdict().slug());
    for (Problem problem : result.problems()) {
      System.out.println("  " + problem);
    }
    System.exit(lost == 0 && result.verdict() == Verdict.OK && result.inFlight() == 0 ? 0 : 1);
  }

  private static long count(List<LogEntry> entries, String field, String value) {
    return entries.stream()
        .filter(e -> e.leaf().text(field).filter(value::equals).isPresent())
        .count();
  }
}
