package io.outrider.policy.differ;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// What OPA said about generated modules, kept so that the comparison runs where there is no OPA.
/// [#main] makes it anew.
final class Recording {
  /// The seed of the recording; any other gives other modules of the same kinds.
  static final long SEED = 20_261_128;

  private static final String FILE = "check.jsonl.gz";

  private Recording() {}

  /// One question with OPA's answer.
  record Entry(String text, boolean strict, Verdict opa) {}

  static String hash(String text, boolean strict) {
    return "%08x".formatted((text + strict).hashCode());
  }

  /// The modules that are damaged beside those that the grammar gives: the policies that we ship.
  static List<String> seeds(Path policies) throws IOException {
    List<String> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.walk(policies)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".rego")).sorted().toList()) {
        seeds.add(Files.readString(file));
      }
    }
    return seeds;
  }

  static Random random(long seed, int i) {
    return new Random(seed * 1_000_003 + i);
  }

  static List<Entry> read() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (InputStream in = Objects.requireNonNull(Recording.class.getResourceAsStream(FILE), FILE);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        RegoObject entry = (RegoObject) RegoJson.read(line);
        List<String> problems = new ArrayList<>();
        for (RegoValue problem : (RegoArray) Objects.requireNonNull(entry.get("opa"))) {
          problems.add(((RegoString) problem).value());
        }
        entries.add(
            new Entry(
                ((RegoString) Objects.requireNonNull(entry.get("text"))).value(),
                entry.get("strict") == RegoBoolean.TRUE,
                new Verdict(problems)));
      }
    }
    return entries;
  }

  /// `Recording COUNT POLICIES-FOLDER OUTPUT-FOLDER`.
  public static void main(String[] args) throws IOException {
    int count = Integer.parseInt(args[0]);
    List<String> seeds = seeds(Path.of(args[1]));
    Path folder = Files.createDirectories(Path.of(args[2]));
    Set<String> seen = new HashSet<>();
    try (Oracle oracle = Oracle.find().orElseThrow();
        Writer out =
            new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(folder.resolve(FILE))),
                StandardCharsets.UTF_8)) {
      for (int i = 0; seen.size() < count; i++) {
        Random random = random(SEED, i);
        String text = Samples.next(random, seeds);
        boolean strict = random.nextInt(5) == 0;
        if (!seen.add(text)) {
          continue;
        }
        Verdict opa = Verdict.theirs(oracle.ask(Verdict.question(text, strict)));
        List<RegoValue> problems = new ArrayList<>();
        opa.problems().forEach(p -> problems.add(RegoString.of(p.split(" ", 2)[0])));
        RegoObject entry =
            RegoObject.builder()
                .put("text", text)
                .put(RegoString.of("strict"), RegoBoolean.of(strict))
                .put("opa", RegoArray.of(problems))
                .build();
        out.write(RegoJson.write(entry));
        out.write('\n');
        Verdict ours = Verdict.ours(text, strict);
        if (!ours.first().equals(opa.first())) {
          // Material for deviations.txt: whoever records says why.
          System.out.printf(
              "%s opa %s, ours %s%n",
              hash(text, strict),
              opa.accepts() ? "ok" : opa.problems().getFirst(),
              ours.accepts() ? "ok" : ours.problems().getFirst());
        }
      }
    }
  }
}
