package io.outrider.benchmarks;

import io.outrider.audit.verify.LogSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/// A log of any size that is nowhere: each bundle is made when it is read, always the same. Every
/// other record is an intent and the one behind it its outcome, but for one call in ten, which is
/// refused. Hashes and signatures mean nothing.
final class GeneratedLog implements LogSource {
  private static final int WIDTH = 256;
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  /// Two thousand users, three hundred tools, a session for each twenty calls of a user.
  private static final int USERS = 2_000;

  private static final int TOOLS = 300;
  static final int MILLIS_PER_CALL = 1_200;

  /// After so many records the same come again, but for index, time and call id: an index over them
  /// can be copied from one period to the next.
  static final long PERIOD = 1 << 19;

  private static final String DIGEST =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  private final long size;

  /// Bundles to keep while searches are measured: making one takes longer than reading it from a
  /// disk would.
  private final Map<Long, byte[]> kept = new ConcurrentHashMap<>();

  private volatile boolean keeping;

  GeneratedLog(long size) {
    this.size = size;
  }

  @Override
  public Optional<byte[]> read(String path) {
    if (path.equals("checkpoint")) {
      String root = Base64.getEncoder().encodeToString(new byte[32]);
      String signature = Base64.getEncoder().encodeToString(new byte[68]);
      return Optional.of(
          ("generated.example/log\n"
                  + size
                  + "\n"
                  + root
                  + "\n\n\u2014 generated.example/log "
                  + signature
                  + "\n")
              .getBytes(StandardCharsets.UTF_8));
    }
    if (!path.startsWith("tile/entries/")) {
      return Optional.empty();
    }
    String number = path.substring("tile/entries/".length()).replaceAll("\\.p/.*", "");
    long bundle = Long.parseLong(number.replaceAll("[x/]", ""));
    return Optional.of(keeping ? kept.computeIfAbsent(bundle, this::bundle) : bundle(bundle));
  }

  /// Keeps what is read from now on, and forgets what was kept before.
  void keep() {
    kept.clear();
    keeping = true;
  }

  @Override
  public Optional<byte[]> read(String path, long offset, int length) {
    return read(path)
        .map(bytes ->
            Arrays.copyOfRange(bytes, (int) offset, (int) Math.min(bytes.length, offset + length)));
  }

  @Override
  public List<String> list(String folder) {
    return List.of();
  }

  byte[] bundle(long bundle) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 18);
    StringBuilder leaf = new StringBuilder(1_024);
    for (long i = bundle * WIDTH; i < Math.min(size, (bundle + 1) * WIDTH); i++) {
      leaf.setLength(0);
      record(i, leaf);
      byte[] bytes = leaf.toString().getBytes(StandardCharsets.UTF_8);
      out.write(bytes.length >> 8);
      out.write(bytes.length);
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  static String callId(long call) {
    return HexFormat.of()
            .toHexDigits(0x0190b2e000000000L + call)
            .replaceFirst("(.{8})(.{4})", "$1-$2-")
        + "-8000-"
        + HexFormat.of().toHexDigits(call * 0x9e3779b97f4a7c15L).substring(0, 12);
  }

  private static void record(long index, StringBuilder leaf) {
    long call = index / 2;
    SplittableRandom random = new SplittableRandom(call % (PERIOD / 2));
    boolean refused = random.nextInt(10) == 0;
    // Few do much.
    int user = (int) (USERS * Math.pow(random.nextDouble(), 3));
    int tool = (int) (TOOLS * Math.pow(random.nextDouble(), 3));
    Instant time = BEGIN.plusMillis(call * MILLIS_PER_CALL + random.nextInt(MILLIS_PER_CALL));
    boolean second = index % 2 == 1;
    leaf.append("{\"boot\":\"00000000000000aa\",\"call\":\"").append(callId(call)).append('"');
    if (second && !refused) {
      outcome(index, random, time, leaf);
    } else {
      // Where there is no outcome, another refusal.
      call(index, second || refused, user, tool, random, time, leaf);
    }
  }

  private static void call(
      long index,
      boolean refused,
      int user,
      int tool,
      SplittableRandom random,
      Instant time,
      StringBuilder leaf) {
    leaf.append(",\"cfg\":\"sha256:").append(DIGEST);
    leaf.append("\",\"cli\":{\"name\":\"client-").append(user % 5);
    leaf.append("\",\"unverified\":true,\"version\":\"1.").append(user % 40);
    leaf.append("\"},\"era\":\"legacy\",\"i\":").append(index);
    leaf.append(",\"in\":{\"bytes\":").append(200 + random.nextInt(2_000));
    leaf.append(",\"digest\":\"").append(DIGEST).append("\",\"text\":\"").append(DIGEST);
    leaf.append("\"},\"k\":\"").append(refused ? "refusal" : "intent");
    leaf.append("\",\"m\":").append(index * 1_000);
    leaf.append(",\"meth\":\"tools/call\",\"ns\":{\"policy\":18000,\"wait\":0}");
    if (refused) {
      leaf.append(",\"out\":\"")
          .append(random.nextInt(4) == 0 ? "refused.over_limit" : "refused.denied");
      leaf.append('"');
    }
    leaf.append(",\"pol\":\"sha256:").append(DIGEST);
    leaf.append(
        "\",\"rev\":\"2025-06-18\",\"rid\":\"17\",\"rules\":[{\"file\":\"policies/files.rego\",\"row\":");
    leaf.append(10 + tool % 30)
        .append(",\"rule\":\"data.outrider.")
        .append(refused ? "deny" : "allow");
    leaf.append("\"}],\"sid\":\"s-").append(user).append('-').append(index % PERIOD / 100_000);
    leaf.append("\",\"src\":{\"addr\":\"10.0.").append(user / 256).append('.').append(user % 256);
    leaf.append(
        ":51234\",\"via\":\"http\"},\"sub\":{\"by\":\"jwt:https://login.example.com\",\"id\":\"user");
    leaf.append(user).append("@example.com\",\"type\":\"user\"},\"t\":\"").append(nine(time));
    leaf.append("\",\"tool\":\"server").append(tool % 12).append(".tool_").append(tool);
    leaf.append("\",\"up\":\"server").append(tool % 12).append("\",\"v\":1,\"verdict\":\"");
    leaf.append(refused ? "deny" : "allow").append('"');
    if (refused) {
      leaf.append(",\"why\":[\"no_writes\",\"writing is not allowed to tool_")
          .append(tool)
          .append("\"]");
    }
    leaf.append('}');
  }

  private static void outcome(
      long index, SplittableRandom random, Instant time, StringBuilder leaf) {
    long nanos = (long) (1e6 * Math.exp(5 * random.nextDouble()));
    leaf.append(",\"i\":").append(index).append(",\"intent\":").append(index - 1);
    leaf.append(",\"k\":\"outcome\",\"m\":").append(index * 1_000);
    leaf.append(",\"ns\":{\"total\":").append(nanos + 100_000).append(",\"up\":").append(nanos);
    leaf.append("},\"out\":\"");
    leaf.append(random.nextInt(50) == 0 ? "failed.upstream.timeout" : "completed");
    leaf.append("\",\"res\":{\"bytes\":").append(random.nextInt(50_000));
    leaf.append(",\"digest\":\"").append(DIGEST).append("\"},\"t\":\"");
    leaf.append(nine(time.plusNanos(nanos))).append("\",\"v\":1}");
  }

  private static String nine(Instant time) {
    return String.format(Locale.ROOT, "%s.%09dZ", time.toString().substring(0, 19), time.getNano());
  }
}
