package io.outrider.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.audit.Samples;
import io.outrider.audit.drill.MemoryLog;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.record.AuditRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The quick verifier, on one thread or on many, says what a simple one says: of good logs and of
/// spoilt ones. `-Daudit.spoilt=N` tries more. Crashes, calls in flight, holds and erasures are not
/// in these logs; `CrashTest` and `CustodyTest` have them.
class SameResultTest {
  @TempDir static Path temp;
  private static final Map<String, byte[]> LOG = new TreeMap<>();
  private static VerifierKey key =
      VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");

  /// Several runs, calls that overlap, checkpoints in the midst of bundles.
  @BeforeAll
  static void writeALog() throws Exception {
    Path folder = temp.resolve("log");
    Random random = new Random(5);
    AuditOptions options =
        AuditOptions.in(folder)
            .withOrigin("example.com/same")
            .withSegmentBytes(1 << 18)
            .withCheckpointInterval(Duration.ofMillis(1));
    for (int run = 0; run < 3; run++) {
      try (AuditLog log = AuditLog.open(options)) {
        key = log.publicKey();
        List<String> open = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          String call = "c-" + run + "-" + i;
          if (random.nextBoolean() && !open.isEmpty()) {
            append(log, Samples.outcome(open.remove(random.nextInt(open.size()))));
          } else if (random.nextBoolean()) {
            append(log, Samples.refusal(call));
          } else {
            append(log, Samples.intent(call));
            open.add(call);
          }
        }
        for (String call : open) {
          append(log, Samples.outcome(call));
        }
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        LOG.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
  }

  private static void append(AuditLog log, AuditRecord record) throws Exception {
    CompletableFuture<Long> told = new CompletableFuture<>();
    log.append(
        record,
        Runnable::run,
        new AppendListener() {
          @Override
          public void durable(Receipt receipt) {
            told.complete(receipt.index());
          }

          @Override
          public void failed(AuditUnavailable reason) {
            told.completeExceptionally(new AssertionError(reason));
          }
        });
    told.get(30, TimeUnit.SECONDS);
  }

  private static VerifyOptions options(int threads) {
    return VerifyOptions.DEFAULT.withKey(key).withThreads(threads);
  }

  /// Everything a person or a program is told, but for the order of equals.
  private static List<Object> told(Verification result) {
    return List.of(
        result.verdict(),
        result.verdict().exitCode(),
        result.records(),
        result.tail(),
        result.pairs(),
        result.counts(),
        result.history(),
        result.pruned(),
        result.problemCount(),
        result.problems().stream().limit(1).map(Problem::toString).toList(),
        result.problems().stream().map(Problem::toString).sorted().toList());
  }

  private static void agree(LogSource log, String when) {
    List<Object> expected = told(PlainVerifier.check(log, options(1)));
    assertThat(told(AuditVerifier.check(log, options(1))))
        .as("%s, 1 thread", when)
        .isEqualTo(expected);
    assertThat(told(AuditVerifier.check(log, options(4))))
        .as("%s, 4 threads", when)
        .isEqualTo(expected);
  }

  @Test
  void ofAGoodLog() {
    MemoryLog log = new MemoryLog(LOG);

    agree(log, "good");

    Verification result = AuditVerifier.check(log, options(4));
    assertThat(result.problems()).isEmpty();
    assertThat(result.pairs().calls()).isGreaterThan(300);
  }

  @Test
  void ofSpoiltLogs() {
    long seed = Long.getLong("audit.seed", 1);
    Random random = new Random(seed);
    List<String> names = LOG.keySet().stream().filter(f -> file(LOG, f).length > 0).toList();
    int tampered = 0;
    int rounds = Integer.getInteger("audit.spoilt", 80);
    for (int i = 0; i < rounds; i++) {
      Map<String, byte[]> files = new TreeMap<>(LOG);
      String when = "seed " + seed + ", log " + i + ":";
      for (int change = random.nextInt(2); change >= 0; change--) {
        String name = names.get(random.nextInt(names.size()));
        String what = spoil(files, name, names.get(random.nextInt(names.size())), random);
        when += " " + what + " " + name;
      }
      MemoryLog log = new MemoryLog(files);
      agree(log, when);
      tampered += AuditVerifier.check(log, options(2)).verdict() == Verdict.OK ? 0 : 1;
    }
    assertThat(tampered).isGreaterThan(rounds / 4);
  }

  private static byte[] file(Map<String, byte[]> files, String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  private static String spoil(Map<String, byte[]> files, String name, String other, Random random) {
    byte[] content = file(files.containsKey(name) ? files : LOG, name).clone();
    switch (random.nextInt(7)) {
      case 0 -> {
        files.remove(name);
        return "without";
      }
      case 1 -> {
        files.put(name, Arrays.copyOf(content, random.nextInt(content.length)));
        return "cut";
      }
      case 2 -> {
        files.put(name, file(LOG, other));
        return other + " as";
      }
      case 3 -> {
        files.put(name, Arrays.copyOf(content, content.length + 1 + random.nextInt(300)));
        return "longer";
      }
      default -> {
        for (int flips = random.nextInt(4); flips >= 0; flips--) {
          content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
        }
        files.put(name, content);
        return "flipped";
      }
    }
  }
}
