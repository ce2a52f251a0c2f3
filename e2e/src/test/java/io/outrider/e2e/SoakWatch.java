package io.outrider.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a process and its log take, looked at again and again (Linux).
final class SoakWatch {
  private static final Pattern LAG =
      Pattern.compile(
          "(?m)^outrider_audit_sink_lag_records\\{[^}]*sink=\"([^\"]+)\"[^}]*\\} (\\S+)$");

  private final List<List<Sample>> lives = new ArrayList<>();

  /// @param lag records under a checkpoint that each receiver has not got
  record Sample(long rss, long descriptors, long threads, long disk, Map<String, Double> lag) {}

  void newLife() {
    lives.add(new ArrayList<>());
  }

  Sample sample(OutriderProcess outrider, String metrics) {
    Path proc = Path.of("/proc", Long.toString(outrider.child().process().pid()));
    String status = Repo.read(proc.resolve("status"));
    Map<String, Double> lag = new TreeMap<>();
    Matcher found = LAG.matcher(metrics);
    while (found.find()) {
      lag.put(found.group(1), Double.parseDouble(found.group(2)));
    }
    Sample sample =
        new Sample(
            number(status, "VmRSS") << 10,
            count(proc.resolve("fd")),
            number(status, "Threads"),
            size(outrider.setup().audit()),
            lag);
    lives.getLast().add(sample);
    return sample;
  }

  private static long number(String status, String name) {
    Matcher found = Pattern.compile("(?m)^" + name + ":\\s+(\\d+)").matcher(status);
    if (!found.find()) {
      throw new AssertionError(name + " is not in " + status);
    }
    return Long.parseLong(found.group(1));
  }

  private static long count(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Bytes in files below a folder; those that vanish meanwhile count nothing.
  static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(SoakWatch::length).sum();
    } catch (IOException | UncheckedIOException e) {
      // A file was replaced while the folder was walked; the next look comes soon.
      return 0;
    }
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Sample> last() {
    return lives.getLast();
  }

  Stream<Sample> all() {
    return lives.stream().flatMap(List::stream);
  }

  /// How often a receiver's lag rose above `noticeable` records and fell below half of that again.
  int risesAndFalls(String sink, double noticeable) {
    int times = 0;
    boolean high = false;
    for (Sample sample : all().toList()) {
      double lag = sample.lag().getOrDefault(sink, 0.0);
      if (lag > noticeable) {
        high = true;
      } else if (high && lag < noticeable / 2) {
        high = false;
        times++;
      }
    }
    return times;
  }

  double highestLag(String sink) {
    return all().mapToDouble(s -> s.lag().getOrDefault(sink, 0.0)).max().orElse(0);
  }

  /// First, last and highest of each life, for a person to look at.
  String table() {
    StringBuilder table = new StringBuilder();
    row(table, "", List.of("resident MiB", "descriptors", "threads", "log MiB"));
    for (int i = 0; i < lives.size(); i++) {
      List<Sample> life = lives.get(i);
      if (!life.isEmpty()) {
        row(
            table,
            "life " + (i + 1) + " (" + life.size() + " looks)",
            List.of(
                span(life.stream().map(s -> s.rss() >> 20).toList()),
                span(life.stream().map(Sample::descriptors).toList()),
                span(life.stream().map(Sample::threads).toList()),
                span(life.stream().map(s -> s.disk() >> 20).toList())));
      }
    }
    return table.toString();
  }

  private static void row(StringBuilder to, String head, List<String> cells) {
    to.append(String.format(Locale.ROOT, "  %-20s", head));
    cells.forEach(cell -> to.append(String.format(Locale.ROOT, "  %-20s", cell)));
    to.append('\n');
  }

  private static String span(List<Long> values) {
    return "%d to %d, max %d"
        .formatted(
            values.getFirst(),
            values.getLast(),
            values.stream().mapToLong(Long::longValue).max().orElse(0));
  }
}
