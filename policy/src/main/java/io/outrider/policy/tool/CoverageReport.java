package io.outrider.policy.tool;

import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Rule;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Which expressions and rule heads of the modules were reached, and which were not; counted in
/// lines, as in `opa test --coverage`.
public record CoverageReport(List<FileReport> files) {
  private static final Comparator<Span> BY_PLACE =
      Comparator.comparingInt(Span::start).thenComparingInt(Span::end);

  public CoverageReport {
    files = List.copyOf(files);
  }

  /// One module.
  public record FileReport(String file, List<Span> covered, List<Span> notCovered) {
    public FileReport {
      covered = List.copyOf(covered);
      notCovered = List.copyOf(notCovered);
    }

    public int coveredLines() {
      return lines(covered).cardinality();
    }

    public int notCoveredLines() {
      return lines(notCovered).cardinality();
    }

    public double percent() {
      return CoverageReport.percent(coveredLines(), notCoveredLines());
    }

    /// Lines that were not reached, such as `12`, `15-18`.
    public List<String> missing() {
      BitSet rows = lines(notCovered);
      List<String> ranges = new ArrayList<>();
      for (int first = rows.nextSetBit(0); first >= 0; ) {
        int end = rows.nextClearBit(first);
        ranges.add(end - 1 == first ? "" + first : first + "-" + (end - 1));
        first = rows.nextSetBit(end);
      }
      return ranges;
    }

    private static BitSet lines(List<Span> spans) {
      BitSet rows = new BitSet();
      spans.forEach(span -> rows.set(span.row(), span.endRow() + 1));
      return rows;
    }
  }

  /// The report of any number of evaluations.
  ///
  /// @param reached what they reached
  public static CoverageReport of(List<Module> modules, Set<Span> reached) {
    List<FileReport> files = new ArrayList<>();
    for (Module module : modules) {
      String file = module.source().name();
      // The parser gives a default rule the body `true`, at the place of the whole rule.
      Set<Span> defaults =
          module.rules().stream().filter(Rule::isDefault).map(Rule::at).collect(Collectors.toSet());
      List<Span> covered =
          reached.stream()
              .filter(s -> s.file().equals(file) && !defaults.contains(s))
              .sorted(BY_PLACE)
              .toList();
      List<Span> notCovered =
          Places.of(module).stream()
              .filter(place -> covered.stream().noneMatch(c -> contains(c, place)))
              .distinct()
              .sorted(BY_PLACE)
              .toList();
      files.add(new FileReport(file, covered, notCovered));
    }
    files.sort(Comparator.comparing(FileReport::file));
    return new CoverageReport(files);
  }

  private static boolean contains(Span outer, Span inner) {
    return outer.start() <= inner.start() && outer.end() >= inner.end();
  }

  public int coveredLines() {
    return files.stream().mapToInt(FileReport::coveredLines).sum();
  }

  public int notCoveredLines() {
    return files.stream().mapToInt(FileReport::notCoveredLines).sum();
  }

  public double percent() {
    return percent(coveredLines(), notCoveredLines());
  }

  private static double percent(int covered, int notCovered) {
    int all = covered + notCovered;
    return all == 0 ? 0 : 100.0 * covered / all;
  }

  /// As `opa test --coverage` prints it.
  public String json() {
    return RegoJson.marshalIndented(toValue(), "", "  ") + "\n";
  }

  RegoObject toValue() {
    RegoObject.Builder byFile = RegoObject.builder(files.size());
    for (FileReport file : files) {
      RegoObject.Builder one = RegoObject.builder(5);
      // As in opa, what is zero or empty is left out.
      putSpans(one, "covered", file.covered());
      putSpans(one, "not_covered", file.notCovered());
      putCount(one, "covered_lines", file.coveredLines());
      putCount(one, "not_covered_lines", file.notCoveredLines());
      if (file.percent() > 0) {
        one.put("coverage", number(file.percent()));
      }
      byFile.put(file.file(), one.build());
    }
    return RegoObject.builder(4)
        .put("files", byFile.build())
        .put("covered_lines", coveredLines())
        .put("not_covered_lines", notCoveredLines())
        .put("coverage", number(percent()))
        .build();
  }

  private static void putSpans(RegoObject.Builder out, String name, List<Span> spans) {
    if (!spans.isEmpty()) {
      List<RegoValue> ranges = new ArrayList<>();
      for (Span span : spans) {
        ranges.add(
            RegoObject.builder(2)
                .put("start", position(span.row(), span.col()))
                .put("end", position(span.endRow(), span.endCol()))
                .build());
      }
      out.put(name, RegoArray.of(ranges));
    }
  }

  private static void putCount(RegoObject.Builder out, String name, int count) {
    if (count > 0) {
      out.put(name, count);
    }
  }

  private static RegoObject position(int row, int col) {
    return RegoObject.builder(2).put("row", row).put("col", col).build();
  }

  private static RegoValue number(double value) {
    return RegoJson.read(value == Math.rint(value) ? "" + (long) value : "" + value);
  }

  /// A table: files with the percentage and the lines that were not reached.
  public String pretty() {
    int width = files.stream().mapToInt(f -> f.file().length()).max().orElse(0);
    StringBuilder out = new StringBuilder();
    for (FileReport file : files) {
      line(out, width, file.file(), file.percent(), String.join(" ", file.missing()));
    }
    line(out, width, "total", percent(), "");
    return out.toString();
  }

  private static void line(
      StringBuilder out, int width, String name, double percent, String missing) {
    String text =
        String.format(
            Locale.ROOT, "%-" + Math.max(width, 1) + "s  %6.2f %%  %s", name, percent, missing);
    out.append(text.stripTrailing()).append('\n');
  }

  /// What to say when less than `threshold` percent was reached, as opa says it.
  ///
  /// @param verbose whether to name the lines
  public String belowThreshold(double threshold, boolean verbose) {
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "Code coverage threshold not met: got %.2f instead of %.2f",
            percent(),
            threshold));
    if (verbose) {
      out.append("\nLines not covered:");
      for (FileReport file : files) {
        file.missing().forEach(m -> out.append("\n\t").append(file.file()).append(':').append(m));
      }
    }
    return out.toString();
  }
}
