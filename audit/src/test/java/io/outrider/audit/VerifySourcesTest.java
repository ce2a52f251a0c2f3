package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.outrider.audit.anchor.WitnessSigner;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TlogPolicy;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.Anchor;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.BundleVerifier;
import io.outrider.audit.verify.HttpSource;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Problem;
import io.outrider.audit.verify.ProofVerifier;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Verification of a log that lies elsewhere, or of a part of one, and against what others say.
class VerifySourcesTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  @TempDir Path temp;
  private Path folder;
  private VerifierKey key =
      VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  private HttpServer server;

  @BeforeEach
  void writeALogAndServeIt() throws Exception {
    folder = temp.resolve("log");
    append(300);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/log/", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void append(int records) throws Exception {
    try (AuditLog log =
        AuditLog.open(
            AuditOptions.in(folder)
                .withOrigin("example.com/outrider/sources")
                .withSegmentBytes(1 << 18))) {
      key = log.publicKey();
      Listening last = new Listening();
      for (int i = 0; i < records; i++) {
        last = new Listening();
        log.append(Samples.refusal("c-" + i), Runnable::run, last);
      }
      last.answer();
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring("/log/".length());
      Path file = folder.resolve(path);
      if (!Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      byte[] content = Files.readAllBytes(file);
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
    }
  }

  private URI address(String path) {
    return URI.create(
        "http://"
            + server.getAddress().getHostString()
            + ":"
            + server.getAddress().getPort()
            + path);
  }

  private VerifyOptions options() {
    return VerifyOptions.DEFAULT.withKey(key).withClock(() -> NOW);
  }

  private Verification overHttp(String path) {
    try (HttpSource source = new HttpSource(address(path))) {
      return AuditVerifier.check(source, options());
    }
  }

  private Verification folder(VerifyOptions options) {
    return AuditVerifier.check(LogSource.folder(folder), options);
  }

  @Test
  void aLogOnTheWebIsCheckedLikeAFolder() throws Exception {
    Verification fine = overHttp("/log");
    assertThat(fine.problems()).isEmpty();
    assertThat(fine.records()).isEqualTo(303);

    Path bundle = folder.resolve("tile/entries/000");
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[bytes.length / 2] ^= 1;
    Files.write(bundle, bytes);
    assertThat(overHttp("/log/").verdict()).isEqualTo(Verdict.TAMPERED);

    Files.delete(bundle);
    assertThat(overHttp("/log/").problems().getFirst().what())
        .contains("tile/entries/000: missing");
  }

  @Test
  void aServerThatMisbehavesIsUnreadableNotTrusted() {
    server.createContext("/broken/", exchange -> answer(exchange, 500, new byte[0], ""));
    server.createContext(
        "/loop/",
        exchange -> answer(exchange, 302, new byte[0], exchange.getRequestURI().toString()));
    server.createContext(
        "/file/", exchange -> answer(exchange, 302, new byte[0], "file:///etc/passwd"));
    server.createContext(
        "/moved/",
        exchange ->
            answer(
                exchange,
                301,
                new byte[0],
                exchange.getRequestURI().getPath().replace("/moved/", "/log/")));
    server.createContext("/large/", exchange -> answer(exchange, 200, new byte[20 << 20], ""));

    unreadable("/broken/", "status 500 (expected: 200 or 404)");
    unreadable("/loop/", "more than 3 redirects");
    unreadable("/file/", "redirects to file:///etc/passwd");
    unreadable("/large/", "body exceeds capacity");
    assertThat(overHttp("/moved/").verdict()).isEqualTo(Verdict.OK);
    assertThat(overHttp("/nowhere/").verdict()).isEqualTo(Verdict.UNREADABLE);
  }

  private void unreadable(String path, String... anyOf) {
    Verification result = overHttp(path);
    assertThat(result.verdict()).isEqualTo(Verdict.UNREADABLE);
    assertThat(result.problems().getFirst().what()).containsAnyOf(anyOf);
  }

  private static void answer(HttpExchange exchange, int status, byte[] body, String location)
      throws IOException {
    try (exchange) {
      if (!location.isEmpty()) {
        exchange.getResponseHeaders().add("Location", location);
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Test
  void aSavedCheckpointIsHeldAgainstTheLog() throws Exception {
    byte[] before = Files.readAllBytes(folder.resolve("checkpoint"));
    append(5);
    byte[] after = Files.readAllBytes(folder.resolve("checkpoint"));
    assertThat(folder(options().withSaved("march.note", before)).verdict()).isEqualTo(Verdict.OK);

    // The same name and key, another story: what a fork or a rewritten log looks like.
    Path original = folder;
    Path rewritten = temp.resolve("rewritten");
    Files.createDirectories(rewritten);
    Files.copy(original.resolve("signing.key"), rewritten.resolve("signing.key"));
    folder = rewritten;
    append(310);
    Verification forked = folder(options().withSaved("march.note", before));
    assertThat(forked.verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(forked.problems().getFirst().what())
        .contains("the tree of the first 303 records has the root", "march.note (size 303, root ");

    folder = temp.resolve("short");
    Files.createDirectories(folder);
    Files.copy(original.resolve("signing.key"), folder.resolve("signing.key"));
    append(10);
    Verification cut = folder(options().withSaved("april.note", after));
    assertThat(cut.verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(cut.problems().getFirst().what())
        .contains("the log ends before this record, at checkpoint (size 13, root ")
        .contains("but april.note (size 310, root ");
  }

  private SignedNote checkpoint() throws Exception {
    return SignedNote.parse(Files.readAllBytes(folder.resolve("checkpoint")));
  }

  private static TlogPolicy policy(WitnessSigner... witnesses) {
    return TlogPolicy.of(
        List.of(witnesses).stream()
            .map(w -> new TlogPolicy.Witness(w.key().name(), w.key(), Optional.empty()))
            .toList(),
        witnesses.length);
  }

  @Test
  void whoVouchesForTheLogAndSinceWhenIsTold() throws Exception {
    WitnessSigner one = WitnessSigner.ed25519("w.example/one");
    WitnessSigner two = WitnessSigner.mlDsa("w.example/two");
    Instant old = NOW.minus(Duration.ofHours(30));
    SignedNote cosigned = checkpoint().with(List.of(one.cosign(checkpoint(), old)));
    Files.createDirectories(folder.resolve("anchors"));
    Files.write(folder.resolve("anchors/cosigned"), cosigned.bytes());
    append(5);

    assertThat(folder(options()).anchors())
        .containsExactly(new Anchor("witness", "w.example/one", 303, old, false));
    assertThat(folder(options().withPolicy(policy(one))).verdict()).isEqualTo(Verdict.OK);

    Verification late =
        folder(options().withPolicy(policy(one)).withAnchoredWithin(Duration.ofHours(24)));
    assertThat(late.verdict()).isEqualTo(Verdict.NOT_ANCHORED);
    assertThat(late.verdict().exitCode()).isEqualTo(4);
    assertThat(late.problems().getFirst().index()).isEqualTo(303);
    assertThat(late.problems().getFirst().what())
        .contains("anchored last at " + old + " by w.example/one", "within the last 24h");

    assertThat(folder(options().withPolicy(policy(one, two))).verdict())
        .isEqualTo(Verdict.NOT_ANCHORED);
    Files.write(
        folder.resolve("checkpoint"),
        checkpoint()
            .with(List.of(one.cosign(checkpoint(), NOW), two.cosign(checkpoint(), NOW)))
            .bytes());
    Verification both =
        folder(options().withPolicy(policy(one, two)).withAnchoredWithin(Duration.ofHours(1)));
    assertThat(both.verdict()).isEqualTo(Verdict.OK);
    assertThat(both.anchors()).hasSize(3).allMatch(Anchor::checked);
    assertThat(folder(options().withAnchoredWithin(Duration.ofHours(1))).verdict())
        .as("witnesses nobody knows prove nothing")
        .isEqualTo(Verdict.NOT_ANCHORED);
  }

  @Test
  void aWitnessWhoSawMoreProvesThatTheLogWasCut() throws Exception {
    WitnessSigner witness = WitnessSigner.ed25519("w.example/one");
    Path copy = temp.resolve("copy");
    copy(folder, copy);
    append(5);
    Files.createDirectories(copy.resolve("anchors"));
    Files.write(
        copy.resolve("anchors/cosigned"),
        checkpoint().with(List.of(witness.cosign(checkpoint(), NOW))).bytes());

    folder = copy;
    Verification result = folder(options().withPolicy(policy(witness)));

    assertThat(result.verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(result.problems().getFirst().what())
        .contains("at checkpoint (size 303", "anchors/cosigned (size 310");
  }

  @Test
  void aCosignatureThatDoesNotFitIsTampering() throws Exception {
    WitnessSigner witness = WitnessSigner.ed25519("w.example/one");
    SignedNote.Signature signature = witness.cosign(checkpoint(), NOW);
    signature.bytes()[20] ^= 1;
    Files.write(folder.resolve("checkpoint"), checkpoint().with(List.of(signature)).bytes());

    assertThat(folder(options().withPolicy(policy(witness))).problems().getFirst().what())
        .contains("the cosignature of w.example/one does not fit");
    assertThat(folder(options()).verdict()).isEqualTo(Verdict.OK);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  @Test
  void aProofOnItsOwnSaysWhoVouchesForIt() throws Exception {
    ProofFile proof = InclusionProver.prove(LogSource.folder(folder), 7);
    ProofVerifier.Checked checked = ProofVerifier.check(proof.bytes(), options());
    assertThat(checked.verification().verdict()).isEqualTo(Verdict.OK);
    assertThat(checked.leaf().orElseThrow().index()).isEqualTo(7);

    WitnessSigner witness = WitnessSigner.ed25519("w.example/one");
    assertThat(
            ProofVerifier.check(proof.bytes(), options().withPolicy(policy(witness)))
                .verification()
                .verdict())
        .isEqualTo(Verdict.NOT_ANCHORED);

    ProofFile other = new ProofFile(proof.extra(), 8, proof.path(), proof.checkpoint());
    assertThat(ProofVerifier.check(other.bytes(), options()).verification().problems())
        .singleElement()
        .satisfies(p -> assertThat(p.what()).contains("record 8 does not lead to the root"));
  }

  private Map<String, byte[]> evidence() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("log/checkpoint", Files.readAllBytes(folder.resolve("checkpoint")));
    files.put("log/log.vkey", Files.readAllBytes(folder.resolve("log.vkey")));
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (long index : new long[] {2, 3, 290}) {
      ProofFile proof = InclusionProver.prove(LogSource.folder(folder), index);
      files.put("proofs/" + index + ".tlog-proof", proof.bytes());
      records.write(proof.extra().orElseThrow());
      records.write('\n');
    }
    files.put("records.jsonl", records.toByteArray());
    files.put(
        "manifest.json",
        ("{\"query\":\"\",\"range\":[2,290],\"records\":3,\"counts\":{\"refusal\":3},\"size\":303,\"root\":\""
                + root()
                + "\"}")
            .getBytes(StandardCharsets.UTF_8));
    files.put("policy/" + Samples.DIGEST, "test".getBytes(StandardCharsets.UTF_8));
    files.put("VERIFY.md", "how".getBytes(StandardCharsets.UTF_8));
    return files;
  }

  private String root() throws Exception {
    return checkpoint().text().split("\n")[2];
  }

  private Verification bundle(Map<String, byte[]> files) throws Exception {
    return BundleVerifier.check(zip(files), options());
  }

  private Path zip(Map<String, byte[]> files) throws IOException {
    Path zip = Files.createTempFile(temp, "bundle", ".zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue());
      }
    }
    return zip;
  }

  @Test
  void aBundleIsProvenRecordByRecord() throws Exception {
    Verification fine = bundle(evidence());
    assertThat(fine.problems()).isEmpty();
    assertThat(fine.records()).isEqualTo(3);
    assertThat(fine.counts()).containsOnly(Map.entry("refusal", 3L));
  }

  @Test
  void whateverIsChangedInABundleIsFound() throws Exception {
    for (String name : evidence().keySet()) {
      if (name.equals("VERIFY.md") || name.equals("log/log.vkey")) {
        continue;
      }
      Map<String, byte[]> without = evidence();
      without.remove(name);
      assertThat(bundle(without).verdict()).as("without %s", name).isNotEqualTo(Verdict.OK);
      Map<String, byte[]> changed = evidence();
      byte[] content = Objects.requireNonNull(changed.get(name)).clone();
      int at =
          name.equals("manifest.json")
              ? new String(content, StandardCharsets.UTF_8).indexOf("303,\"root")
              : content.length / 2;
      content[at] ^= 1;
      changed.put(name, content);
      assertThat(bundle(changed).verdict()).as("changed %s", name).isEqualTo(Verdict.TAMPERED);
    }
    Map<String, byte[]> notKept = evidence();
    notKept.remove("policy/" + Samples.DIGEST);
    assertThat(bundle(notKept).verdict()).isEqualTo(Verdict.INCOMPLETE);
    notKept.computeIfPresent(
        "manifest.json",
        (name, text) ->
            new String(text, StandardCharsets.UTF_8)
                .replace("3},", "3},\"policies_not_kept\":[\"sha256:" + Samples.DIGEST + "\"],")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(bundle(notKept).problems()).isEmpty();
    Map<String, byte[]> more = evidence();
    more.put("policy/" + "0".repeat(64), new byte[] {1});
    assertThat(bundle(more).problems().getFirst().what())
        .contains("policy/0000", "(expected: its name)");
    more = evidence();
    more.put("proofs/4.tlog-proof", more.get("proofs/3.tlog-proof"));
    assertThat(bundle(more).problems().getFirst().what()).contains("proves record 3 (expected: 4)");
  }

  /// Each proof brings a note of its own: the same checkpoint with another cosignature. They are
  /// looked into and not remembered, and not without end.
  @Test
  void proofsWithMoreNotesThanAnybodyNeedsAreNotFollowed() throws Exception {
    WitnessSigner witness = WitnessSigner.ed25519("w.example/one");
    Map<String, byte[]> files = evidence();
    ProofFile proof = InclusionProver.prove(LogSource.folder(folder), 3);
    files.put(
        "proofs/3.tlog-proof",
        new ProofFile(
                proof.extra(),
                3,
                proof.path(),
                checkpoint().with(List.of(witness.cosign(checkpoint(), NOW))).bytes())
            .bytes());
    assertThat(bundle(files).problems()).isEmpty();

    for (int i = 0; i < 1_100; i++) {
      files.put(
          "proofs/" + (10_000 + i) + ".tlog-proof",
          new ProofFile(
                  proof.extra(),
                  10_000 + i,
                  proof.path(),
                  checkpoint()
                      .with(
                          List.of(
                              new SignedNote.Signature(
                                  "w.example/one", i, new byte[] {1, 2, 3, 4, 5})))
                      .bytes())
              .bytes());
    }
    Verification result = bundle(files);
    assertThat(result.problems())
        .extracting(Problem::toString)
        .contains(
            "unreadable: cannot be read: bundle: proofs with more than 1000 notes that are not that"
                + " of log/checkpoint (expected: the same in all)");
  }

  /// A witness whose clock is wrong, or who is asked to help, dates its word ahead.
  @Test
  void aCosignatureFromTheFutureIsNotRecent() throws Exception {
    WitnessSigner witness = WitnessSigner.ed25519("w.example/one");
    VerifyOptions asked =
        options().withPolicy(policy(witness)).withAnchoredWithin(Duration.ofHours(1));
    Path file = Files.createDirectories(folder.resolve("anchors")).resolve("cosigned");

    Instant ahead = NOW.plus(Duration.ofDays(3650));
    Files.write(file, checkpoint().with(List.of(witness.cosign(checkpoint(), ahead))).bytes());
    Verification result = folder(asked);
    assertThat(result.verdict()).isEqualTo(Verdict.NOT_ANCHORED);
    assertThat(result.problems().getFirst().what())
        .contains(
            "last at "
                + ahead
                + " by w.example/one, which lies more than 5m in the future ("
                + NOW
                + " here) and does not count as recent");
    assertThat(folder(options().withPolicy(policy(witness))).verdict()).isEqualTo(Verdict.OK);

    // Clocks differ a little.
    Instant little = NOW.plusSeconds(120);
    Files.write(file, checkpoint().with(List.of(witness.cosign(checkpoint(), little))).bytes());
    assertThat(folder(asked).verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void aFileThatIsNoPartOfABundleIsTold() throws Exception {
    Map<String, byte[]> files = evidence();
    files.put("VERIFY.md", "how".getBytes(StandardCharsets.UTF_8));
    assertThat(bundle(files).problems()).isEmpty();
    for (String name : List.of("summary.pdf", "manifest.json ", "Records.jsonl", "log/extra")) {
      Map<String, byte[]> more = evidence();
      more.put(name, new byte[] {1});
      assertThat(bundle(more).problems())
          .extracting(Problem::toString)
          .containsExactly(
              "tampered: " + name + ": is no part of an evidence bundle; nothing vouches for it");
    }
  }

  @Test
  void anArchiveThatMeansHarmIsRefusedWhole() throws Exception {
    for (String name : List.of("../out", "/etc/passwd", "a/../../b", "C:\\x", "a//b", "a\nb")) {
      Map<String, byte[]> files = evidence();
      files.put(name, new byte[] {1});
      Path zip = zip(files);
      assertThat(catchThrowable(() -> BundleVerifier.check(zip, options())))
          .as(name)
          .isInstanceOf(IOException.class);
    }
    Map<String, byte[]> bomb = evidence();
    bomb.put("proofs/5.tlog-proof", new byte[80 << 20]);
    assertThat(bundle(bomb).problems().getFirst().what())
        .isEqualTo(
            "cannot be read: proofs/5.tlog-proof: more than 2097152 bytes when unpacked (expected:"
                + " at most that)");

    Path twice = zip(evidence());
    byte[] bytes = Files.readAllBytes(twice);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Files.write(
        twice,
        text.replace("proofs/3.tlog-proof", "proofs/2.tlog-proof")
            .getBytes(StandardCharsets.ISO_8859_1));
    assertThat(catchThrowable(() -> BundleVerifier.check(twice, options())))
        .hasMessageContaining("two entries \"proofs/2.tlog-proof\"");
  }
}
