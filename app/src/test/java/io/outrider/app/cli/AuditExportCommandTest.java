package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditExportCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void aLog() throws Exception {
    SampleLog.write(folder.resolve("var/audit"));
  }

  private Ran export(String... args) {
    return Ran.in(
        folder,
        Stream.concat(Stream.of("audit", "export"), Stream.of(args)).toArray(String[]::new));
  }

  private String publicKey() throws Exception {
    return Files.readString(folder.resolve("var/audit/log.vkey")).strip();
  }

  @Test
  void evidenceOfARangeVerifies() throws Exception {
    Ran ran = export("--as", "evidence", "--range", "2..5", "-o", "e.zip");
    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("4 records written to e.zip");

    Path bundle = folder.resolve("e.zip");
    Set<String> names = new TreeSet<>();
    try (ZipFile zip = new ZipFile(bundle.toFile())) {
      zip.stream().map(ZipEntry::getName).forEach(names::add);
      assertThat(names)
          .containsExactly(
              "VERIFY.md",
              "log/checkpoint",
              "log/log.vkey",
              "manifest.json",
              "proofs/2.tlog-proof",
              "proofs/3.tlog-proof",
              "proofs/4.tlog-proof",
              "proofs/5.tlog-proof",
              "records.jsonl");
      JsonNode manifest =
          JsonMapper.shared().readTree(zip.getInputStream(zip.getEntry("manifest.json")));
      assertThat(manifest.at("/counts/intent").asInt()).isEqualTo(1);
      assertThat(manifest.at("/range/1").asInt()).isEqualTo(5);
      assertThat(manifest.at("/policies_not_kept/0").asString()).startsWith("sha256:abab");
      assertThat(
              new String(
                  zip.getInputStream(zip.getEntry("VERIFY.md")).readAllBytes(),
                  StandardCharsets.UTF_8))
          .contains(
              "4 records of the audit log `outrider.invalid", "verify e.zip --key", publicKey())
          .doesNotContainPattern("@[A-Z]+@");
    }
    Ran verified = Ran.in(folder, "audit", "verify", "e.zip", "--key", publicKey());
    assertThat(verified.status()).as(verified.out()).isZero();

    assertThat(Ran.in(folder, "audit", "search", "event:export").out())
        .contains("as=evidence", "asked=--range 2..5", "count=4", "file=e.zip", "sha256=");
  }

  @Test
  void evidenceOfAQueryHoldsTheCallsWithTheirOutcomes() throws Exception {
    assertThat(export("--as", "evidence", "user:ann", "-o", "e.zip").err()).contains("2 records");
    assertThat(Ran.in(folder, "audit", "verify", "e.zip", "--key", publicKey()).status()).isZero();
    assertThat(export("--as", "evidence", "user:nobody", "-o", "n.zip").err())
        .contains("no record fits");
    assertThat(folder.resolve("n.zip")).doesNotExist();
  }

  @Test
  void rowsGoToFilesOrTheStandardOutput() throws Exception {
    assertThat(export("--as", "csv", "kind:call", "-o", "c.csv").status()).isZero();
    assertThat(Files.readString(folder.resolve("c.csv")).lines().toList())
        .hasSize(3)
        .first()
        .asString()
        .startsWith("record,outcome_record,kind,time,call,user");
    assertThat(export("--as", "jsonl", "--range", "4..5", "-o", "-").out().lines()).hasSize(2);
    assertThat(export("--as", "evidence", "-o", "-").err()).contains("goes to a file");
    assertThat(export("--as", "jsonl", "--range", "5..4", "-o", "-").err())
        .contains("the smaller number first");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString())).doesNotContain("c.csv.unfinished");
    }
  }

  @Test
  void parquetNeedsDuckDbAndSaysSo() throws Exception {
    assertThat(export("--as", "parquet", "-o", "p.parquet").err())
        .contains("no duckdb on the PATH");

    Path tools = Files.createDirectories(folder.resolve("tools"));
    Path duckdb = tools.resolve("duckdb");
    Files.writeString(
        duckdb,
        """
        #!/bin/sh
        # Stands for DuckDB: writes down what it was asked, where it was asked to write.
        out=$(printf '%s' "$3" | sed "s/.* TO '\\([^']*\\)'.*/\\1/")
        printf '%s' "$3" > "$out"
        """);
    assertThat(duckdb.toFile().setExecutable(true)).isTrue();
    Ran ran =
        Ran.with(
            "",
            Map.of("PATH", tools + ":/nowhere"),
            folder,
            "audit",
            "export",
            "--as",
            "parquet",
            "kind:call",
            "-o",
            "p.parquet");
    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(Files.readString(folder.resolve("p.parquet")))
        .contains("read_json('", "FORMAT parquet", "latency_ms: 'DOUBLE'");
    assertThat(folder.resolve("p.parquet.unfinished.jsonl")).doesNotExist();
  }

  @Test
  void aDuckDbThatDoesNotEndIsEnded() throws Exception {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    Path duckdb = tools.resolve("duckdb");
    Files.writeString(
        duckdb,
        """
        #!/bin/sh
        echo $$ > %s
        exec sleep 600
        """
            .formatted(folder.resolve("pid")));
    assertThat(duckdb.toFile().setExecutable(true)).isTrue();

    Ran ran =
        Ran.with(
            "",
            Map.of("PATH", tools + ":/nowhere"),
            folder,
            "audit",
            "export",
            "--as",
            "parquet",
            "--time-limit",
            "3",
            "-o",
            "p.parquet");

    assertThat(ran.status()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("duckdb took longer than 3 s and was ended", "--time-limit");
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    assertThat(ProcessHandle.of(pid)).isEmpty();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(n -> n.startsWith("p."));
    }
    assertThat(Ran.in(folder, "audit", "search", "event:export").out()).isEmpty();
  }

  @Test
  void whatADuckDbSaysOfItsFailureIsPassedOnInPart() throws Exception {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    Path duckdb = tools.resolve("duckdb");
    Files.writeString(
        duckdb, "#!/bin/sh\necho 'Out of Memory Error: 1'\nyes | head -c 3000000\nexit 7\n");
    assertThat(duckdb.toFile().setExecutable(true)).isTrue();

    Ran ran =
        Ran.with(
            "",
            Map.of("PATH", tools + ":/usr/bin:/bin"),
            folder,
            "audit",
            "export",
            "--as",
            "parquet",
            "-o",
            "p.parquet");

    assertThat(ran.err())
        .contains("duckdb ended with 7: Out of Memory Error: 1")
        .hasSizeLessThan(6000);
  }
}
