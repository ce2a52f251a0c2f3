package io.outrider.review.export;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.PolicyContent;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.review.log.Records;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.json.JsonMapper;

/// Writes an evidence bundle: records with their proofs under one signed checkpoint, the policies
/// they name, and how to check it all with tools that are not ours.
public final class Evidence {
  /// Each record is a file of its own in the archive. Who needs more should be given the log.
  public static final int MAX_RECORDS = 1_000_000;

  private static final String KEY = "log.vkey";

  private final LogSource source;
  private final byte[] note;
  private final Checkpoint checkpoint;
  private final String asked;
  private final String pruned;
  private final String name;
  private final Instant now;
  private final Map<String, Long> counts = new TreeMap<>();
  private final TreeSet<String> policies = new TreeSet<>();

  /// What was written.
  ///
  /// @param leftOut records that no checkpoint covers yet
  public record Written(long records, long leftOut, Checkpoint checkpoint) {}

  private Evidence(
      LogSource source, byte[] note, String asked, String pruned, String name, Instant now)
      throws FormatException {
    this.source = new PinnedSource(source, note);
    this.note = note;
    this.checkpoint = Checkpoint.parse(SignedNote.parse(note).text());
    this.asked = asked;
    this.pruned = pruned;
    this.name = name;
    this.now = now;
  }

  /// Writes a bundle.
  ///
  /// @param indices of the records, ascending
  /// @param asked what was asked for, in words
  /// @param pruned what of that the log does not have any more, in words; empty if nothing
  /// @param name of the file that is written, for its own instructions
  /// @param progress told how many proofs were written
  /// @throws FormatException if the log does not add up
  public static Written write(
      LogSource source,
      long[] indices,
      String asked,
      String pruned,
      String name,
      Instant now,
      OutputStream out,
      LongConsumer progress)
      throws IOException, FormatException {
    byte[] note =
        source
            .read("checkpoint")
            .orElseThrow(
                () -> new FormatException("checkpoint: missing (expected: a signed checkpoint)"));
    Evidence evidence = new Evidence(source, note, asked, pruned, name, now);
    ZipOutputStream zip = new ZipOutputStream(out);
    Written written = evidence.write(indices, zip, progress);
    zip.finish();
    return written;
  }

  private Written write(long[] indices, ZipOutputStream zip, LongConsumer progress)
      throws IOException, FormatException {
    int covered = indices.length;
    while (covered > 0 && indices[covered - 1] >= checkpoint.size()) {
      covered--;
    }
    if (covered > MAX_RECORDS) {
      throw new FormatException(
          "evidence: "
              + covered
              + " records (expected: at most "
              + MAX_RECORDS
              + "; a copy of the log's folder is evidence too)");
    }
    file(zip, "log/checkpoint", note);
    byte[] key = source.read(KEY).orElse(new byte[0]);
    file(zip, "log/" + KEY, key);
    records(indices, covered, zip);
    for (int i = 0; i < covered; i++) {
      file(
          zip,
          "proofs/" + indices[i] + ".tlog-proof",
          InclusionProver.prove(source, indices[i]).bytes());
      progress.accept(i + 1);
    }
    List<String> missing = policies(zip);
    file(zip, "manifest.json", manifest(indices, covered, missing));
    file(zip, "VERIFY.md", instructions(covered, key).getBytes(StandardCharsets.UTF_8));
    return new Written(covered, indices.length - covered, checkpoint);
  }

  private void records(long[] indices, int covered, ZipOutputStream zip)
      throws IOException, FormatException {
    Records records = new Records(source);
    begin(zip, "records.jsonl");
    for (int i = 0; i < covered; i++) {
      long index = indices[i];
      LogEntry entry =
          records
              .read(index)
              .orElseThrow(() -> new FormatException("record " + index + ": missing"));
      Leaf leaf = entry.leaf();
      counts.merge(leaf.kind(), 1L, Long::sum);
      leaf.text("pol").ifPresent(policies::add);
      zip.write(leaf.bytes());
      zip.write('\n');
    }
    zip.closeEntry();
  }

  /// @return digests whose content is not kept
  private List<String> policies(ZipOutputStream zip) throws IOException {
    List<String> missing = new ArrayList<>();
    for (String digest : policies) {
      Optional<String> path = PolicyContent.path(digest);
      Optional<byte[]> content = path.isPresent() ? source.read(path.get()) : Optional.empty();
      if (content.isPresent() && PolicyContent.digest(content.get()).endsWith(hex(digest))) {
        file(zip, path.get(), content.get());
      } else {
        missing.add(digest);
      }
    }
    return missing;
  }

  private static String hex(String digest) {
    return digest.substring(digest.indexOf(':') + 1);
  }

  private byte[] manifest(long[] indices, int covered, List<String> missing) {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("query", asked);
    if (covered > 0) {
      manifest.put("range", List.of(indices[0], indices[covered - 1]));
    }
    manifest.put("records", (long) covered);
    manifest.put("counts", counts);
    manifest.put("left_out", (long) (indices.length - covered));
    if (!pruned.isEmpty()) {
      manifest.put("pruned", pruned);
    }
    manifest.put("origin", checkpoint.origin());
    manifest.put("size", checkpoint.size());
    manifest.put("root", Base64.getEncoder().encodeToString(checkpoint.root()));
    manifest.put("made", now.toString());
    if (!missing.isEmpty()) {
      manifest.put("policies_not_kept", missing);
    }
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest);
  }

  private String instructions(int records, byte[] key) throws IOException {
    try (InputStream in = Evidence.class.getResourceAsStream("VERIFY.md")) {
      if (in == null) {
        throw new IOException("VERIFY.md: not in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("@RECORDS@", records + (records == 1 ? " record" : " records"))
          .replace("@ORIGIN@", checkpoint.origin())
          .replace("@SIZE@", Long.toString(checkpoint.size()))
          .replace("@NAME@", name)
          .replace("@KEY@", new String(key, StandardCharsets.UTF_8).strip());
    }
  }

  private void file(ZipOutputStream zip, String entry, byte[] content) throws IOException {
    begin(zip, entry);
    zip.write(content);
    zip.closeEntry();
  }

  private void begin(ZipOutputStream zip, String entry) throws IOException {
    ZipEntry header = new ZipEntry(entry);
    header.setTime(now.toEpochMilli());
    zip.putNextEntry(header);
  }
}
