package io.outrider.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Hours at half load while receivers go away and come back, the log is searched and pruned, and
/// the proxy is killed now and then. Run by hand: `-Dsoak.minutes=60`, or half a minute, `0.5`.
/// `-Dsoak.seed=S` repeats the moods, `-Dsoak.rate=N` says how many calls a second instead of half
/// of what is possible.
///
/// Held to at the end: the log verifies, also against checkpoints saved on the way; the lines that
/// each receiver got, alone, give the root hash of the last checkpoint, and came in order; every
/// call the server saw has an intent record; memory, descriptors and threads stay bounded, and from
/// five minutes on disk does, too, and something was pruned; the lag of all receivers together, as
/// the metrics show it, rose and fell.
class SoakTest {
  private static final Pattern ADMIN =
      Pattern.compile("serving health and metrics url=http://(\\S+)");

  /// Small, so that what is not given back shows within minutes.
  private static final String HEAP = "-Xmx192m";

  private static final long MIB = 1 << 20;

  /// The heap, and what a JVM has beside it.
  private static final long MOST_RESIDENT = (192 + 256) * MIB;

  private static final int MOST_DESCRIPTORS = 400;
  private static final int MOST_THREADS = 150;

  @TempDir Path dir;

  private final Duration all =
      Duration.ofMillis(
          (long) (Double.parseDouble(System.getProperty("soak.minutes", "0.4")) * 60_000));
  private final boolean isLong = all.compareTo(Duration.ofMinutes(5)) >= 0;
  private final long seed = Long.getLong("soak.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final SoakWatch watch = new SoakWatch();
  private final List<Path> saved = new ArrayList<>();
  private final Map<String, SoakReceiver> receivers = new LinkedHashMap<>();
  private final Map<String, Long> nextMood = new LinkedHashMap<>();
  private @Nullable OutriderProcess running;
  private double rate;
  private int reads;
  private int pages;
  private int pruned;
  private int heldBack;

  private Duration part(double of) {
    return Duration.ofNanos((long) (all.toNanos() * of));
  }

  @Test
  void receiversMissNothingAndNothingGrowsWhileTheyComeAndGo() throws Exception {
    assumeTrue(
        System.getProperty("soak.minutes") != null, "a run by hand: -Dsoak.minutes=60, or less");
    assumeTrue(
        Files.isDirectory(Path.of("/proc/self/fd")), "what a process takes is read from /proc");
    receivers.put("file", new SoakReceiver.Lines(dir, isLong ? "16MiB" : "256KiB"));
    receivers.put("http", new SoakReceiver.Web(new Random(random.nextLong())));
    receivers.put("syslog", new SoakReceiver.Syslog(new Random(random.nextLong())));
    try (SoakLoad load = new SoakLoad()) {
      OutriderProcess.Setup setup =
          OutriderProcess.in(dir)
              .upstream(load.server())
              .environment("OUTRIDER_OPTS", HEAP)
              .environment("OUTRIDER_AOT", "off");
      receivers.forEach((name, to) -> setup.set("audit.export." + name, to.config()));
      live(setup, load);
      close(setup);
      hold(setup, load);
    } finally {
      receivers.values().forEach(SoakReceiver::close);
      OutriderProcess left = running;
      if (left != null) {
        left.close();
      }
    }
  }

  /// Runs, measures what is possible, goes on at half of that, and is killed now and then.
  private void live(OutriderProcess.Setup setup, SoakLoad load) throws Exception {
    int kills = isLong ? Math.max(4, (int) (all.toMinutes() / 12)) : 1;
    for (int life = 0; life <= kills; life++) {
      OutriderProcess outrider = setup.run();
      running = outrider;
      watch.newLife();
      if (life == 0) {
        rate = Double.parseDouble(System.getProperty("soak.rate", "0"));
        rate = rate > 0 ? rate : possible(load, outrider) / 2;
        System.out.printf("soak: %s at %.0f calls/s, %d kills, seed %d%n", all, rate, kills, seed);
      }
      SoakLoad.Callers callers = load.start(outrider.link(), rate);
      boolean last = life == kills;
      // A start may take its time on a busy machine; a life has what it is due all the same.
      long until =
          System.nanoTime() + part((0.9 + random.nextDouble() * 0.2) / (kills + 1)).toNanos();
      beside(outrider, until, life);
      if (last) {
        callers.stop();
      } else {
        callers.expectTheEnd();
        outrider.kill();
        callers.stop();
        receiver("file").mood(SoakReceiver.Mood.AWAY);
        nextMood.put("file", System.nanoTime() + part(0.04).toNanos());
      }
    }
  }

  private SoakReceiver receiver(String name) {
    SoakReceiver receiver = receivers.get(name);
    if (receiver == null) {
      throw new IllegalArgumentException(name);
    }
    return receiver;
  }

  private double possible(SoakLoad load, OutriderProcess outrider) {
    Duration time =
        part(1.0 / 12).compareTo(Duration.ofSeconds(15)) < 0
            ? part(1.0 / 12)
            : Duration.ofSeconds(15);
    SoakLoad.Callers callers = load.start(outrider.link(), Double.POSITIVE_INFINITY);
    // The first part is the JIT's.
    SoakReceiver.pause(time.dividedBy(2));
    long before = load.answered();
    long at = System.nanoTime();
    SoakReceiver.pause(time.dividedBy(2));
    double rate = (load.answered() - before) * 1e9 / (System.nanoTime() - at);
    callers.stop();
    return rate;
  }

  /// What goes on beside the calls: moods, looks, searches, pruning.
  private void beside(OutriderProcess outrider, long until, int life) throws Exception {
    String admin = outrider.child().awaitLine(ADMIN).group(1);
    Duration look = atLeast(Duration.ofMillis(500), part(1.0 / 360));
    long nextLook = System.nanoTime();
    if (life == 0) {
      // Those that can, are away from the beginning.
      for (String name : List.of("http", "syslog")) {
        receiver(name).mood(SoakReceiver.Mood.AWAY);
        nextMood.put(name, nextLook + part(0.1 + random.nextDouble() * 0.05).toNanos());
      }
    }
    AtomicBoolean going = new AtomicBoolean(true);
    CompletableFuture<Void> readers =
        CompletableFuture.runAsync(
            () -> readAndPrune(outrider.setup(), admin, going), Thread::startVirtualThread);
    for (long now = System.nanoTime(); now < until && !readers.isDone(); now = System.nanoTime()) {
      moods(now);
      if (now >= nextLook) {
        nextLook = now + look.toNanos();
        watch.sample(outrider, OutriderProcess.get("http://" + admin + "/metrics").body());
      }
      SoakReceiver.pause(Duration.ofMillis(50));
    }
    going.set(false);
    Child.within(readers, Duration.ofMinutes(isLong ? 20 : 2));
  }

  private void readAndPrune(OutriderProcess.Setup setup, String admin, AtomicBoolean going) {
    Duration read = atLeast(Duration.ofSeconds(4), part(1.0 / 240));
    Duration prune = atLeast(Duration.ofSeconds(5), part(1.0 / 30));
    long nextRead = System.nanoTime() + read.toNanos();
    long nextPrune = System.nanoTime() + prune.toNanos();
    while (going.get()) {
      if (System.nanoTime() >= nextRead) {
        read(setup, admin);
        nextRead = System.nanoTime() + read.toNanos();
      }
      if (System.nanoTime() >= nextPrune) {
        prune(setup);
        nextPrune = System.nanoTime() + prune.toNanos();
        save(setup);
      }
      SoakReceiver.pause(Duration.ofMillis(50));
    }
  }

  private static Duration atLeast(Duration least, Duration time) {
    return time.compareTo(least) < 0 ? least : time;
  }

  private void moods(long now) {
    nextMood.forEach((name, at) -> {
      if (now >= at) {
        SoakReceiver receiver = receiver(name);
        SoakReceiver.Mood[] moods = SoakReceiver.Mood.values();
        boolean well = name.equals("file") || receiver.mood != SoakReceiver.Mood.WELL;
        receiver.mood(well ? SoakReceiver.Mood.WELL : moods[random.nextInt(moods.length)]);
        nextMood.put(
            name,
            name.equals("file")
                ? Long.MAX_VALUE
                : now + part(0.02 + random.nextDouble() * 0.05).toNanos());
      }
    });
  }

  /// A reviewer on the command line, and one with the console open.
  private void read(OutriderProcess.Setup setup, String admin) {
    String query =
        List.of("verdict:allow", "kind:event", "tool:call-7*", "since:-1m").get(reads % 4);
    Child.Done found =
        command(setup, "audit", "search", "-d", setup.audit().toString(), "--limit", "20", query);
    assertThat(found.code()).as("search %s: %s", query, found).isIn(0, 1);
    for (String page :
        List.of("status", "calls?limit=50", "histogram?buckets=60", "facets?fields=tool,verdict")) {
      int status = OutriderProcess.get("http://" + admin + "/console/api/" + page).statusCode();
      // It may say that the index is being built, or that it is busy.
      assertThat(status).as("console: %s", page).isIn(200, 503);
      pages += status == 200 ? 1 : 0;
    }
    reads++;
  }

  private void prune(OutriderProcess.Setup setup) {
    Instant before = Instant.now().minus(part(1.0 / 30));
    Child.Done done =
        command(
            setup,
            "audit",
            "prune",
            "-d",
            setup.audit().toString(),
            "--before",
            before.toString(),
            "--by",
            "soak",
            "--reason",
            "soak");
    if (done.code() == 0) {
      pruned++;
    } else {
      // A receiver lacks them: the log must not drop what was not sent.
      assertThat(done.stderr()).as("prune: %s", done).contains("receiver '");
      heldBack++;
    }
  }

  private void save(OutriderProcess.Setup setup) {
    Path copy = dir.resolve("saved-" + saved.size());
    try {
      Files.copy(setup.audit().resolve("checkpoint"), copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    saved.add(copy);
  }

  /// A command may take its time here: the log is large and the machine busy.
  private Child.Done command(OutriderProcess.Setup setup, String... args) {
    try (Child child = Child.start("outrider " + args[1], setup.command(List.of(args)))) {
      int code = child.awaitExit(Duration.ofMinutes(isLong ? 20 : 1));
      return new Child.Done(code, child.stdout(), child.stderr());
    }
  }

  /// Everybody is well: what is left arrives, and the proxy ends as a service manager ends it.
  private void close(OutriderProcess.Setup setup) throws Exception {
    receivers.values().forEach(receiver -> receiver.mood(SoakReceiver.Mood.WELL));
    OutriderProcess outrider = running;
    if (outrider == null) {
      throw new IllegalStateException("nothing runs");
    }
    String admin = outrider.child().awaitLine(ADMIN).group(1);
    long deadline = System.nanoTime() + Duration.ofMinutes(isLong ? 15 : 2).toNanos();
    while (watch
        .sample(outrider, OutriderProcess.get("http://" + admin + "/metrics").body())
        .lag()
        .values()
        .stream()
        .anyMatch(lag -> lag > 0)) {
      assertThat(System.nanoTime())
          .as("receivers do not catch up: %s", watch.last().getLast())
          .isLessThan(deadline);
      SoakReceiver.pause(Duration.ofMillis(500));
    }
    // Receivers get three seconds at the end for the last record; on a busy machine once may not
    // do.
    for (int tries = 0; ; tries++) {
      outrider.stop();
      running = null;
      long size = size(setup);
      long patience = System.nanoTime() + Duration.ofSeconds(5).toNanos();
      while (receivers.values().stream().anyMatch(r -> r.copy.size() < size)
          && System.nanoTime() < patience) {
        SoakReceiver.pause(Duration.ofMillis(50));
      }
      if (tries == 3 || receivers.values().stream().allMatch(r -> r.copy.size() >= size)) {
        return;
      }
      outrider = setup.run();
      running = outrider;
      SoakReceiver.pause(Duration.ofSeconds(5));
    }
  }

  private static List<String> checkpoint(OutriderProcess.Setup setup) throws IOException {
    return Files.readAllLines(setup.audit().resolve("checkpoint"), StandardCharsets.UTF_8);
  }

  private static long size(OutriderProcess.Setup setup) throws IOException {
    return Long.parseLong(checkpoint(setup).get(1));
  }

  private void hold(OutriderProcess.Setup setup, SoakLoad load) throws Exception {
    List<String> verify =
        new ArrayList<>(List.of("audit", "verify", "-d", setup.audit().toString()));
    for (Path checkpoint : saved) {
      verify.addAll(List.of("--checkpoint", checkpoint.toString()));
    }
    Child.Done verified = command(setup, verify.toArray(String[]::new));
    long size = size(setup);
    byte[] root = Base64.getDecoder().decode(checkpoint(setup).get(2));
    BitSet reached = load.reached();

    System.out.printf(
        "soak: %d calls answered, %d cut off by kills, refused %s, broken %s%n"
            + "soak: %d records, %d searches, %d pages of the console, %d times pruned, %d times held back for a receiver%n%s",
        load.answered(),
        load.cut(),
        load.refused(),
        load.broken(),
        size,
        reads,
        pages,
        pruned,
        heldBack,
        watch.table());
    receivers.forEach((name, to) ->
        System.out.printf(
            "  %-8s %d records, %d came again, lag up to %.0f records, rose and fell %d times%n",
            name,
            to.copy.size(),
            to.copy.repeated(),
            watch.highestLag(name),
            watch.risesAndFalls(name, noticeable())));

    assertThat(verified.code()).as("verify: %s", verified).isZero();
    assertThat(load.answered()).isPositive();
    assertThat(load.broken()).as("calls that broke although nobody was killed").isEmpty();
    assertThat(load.refused().values().stream().mapToLong(n -> n).sum())
        .as("refused: %s", load.refused())
        .isLessThanOrEqualTo(load.answered() / 100);
    receivers.forEach((name, to) -> {
      assertThat(to.copy.wrong()).as("seed %s, what %s got", seed, name).isEmpty();
      assertThat(to.copy.size()).as("seed %s, records %s has", seed, name).isEqualTo(size);
      assertThat(to.copy.root()).as("seed %s, root of what %s has", seed, name).isEqualTo(root);
      BitSet unrecorded = (BitSet) reached.clone();
      unrecorded.andNot(to.copy.allowed());
      assertThat(unrecorded.isEmpty())
          .as("calls without intent at %s: %s", name, unrecorded)
          .isTrue();
    });
    assertThat(
            watch.risesAndFalls("http", noticeable()) + watch.risesAndFalls("syslog", noticeable()))
        .as("lags seen")
        .isPositive();
    bounded(size);
  }

  /// What comes in a second: two records a call.
  private double noticeable() {
    return Math.max(10, 2 * rate);
  }

  private void bounded(long records) {
    assertThat(watch.all().mapToLong(SoakWatch.Sample::rss).max().orElse(0))
        .as("resident")
        .isBetween(MIB, MOST_RESIDENT);
    assertThat(watch.all().mapToLong(SoakWatch.Sample::descriptors).max().orElse(0))
        .as("descriptors")
        .isBetween(1L, (long) MOST_DESCRIPTORS);
    assertThat(watch.all().mapToLong(SoakWatch.Sample::threads).max().orElse(0))
        .as("threads")
        .isBetween(1L, (long) MOST_THREADS);
    if (isLong) {
      assertThat(pruned).as("times pruned").isPositive();
      List<SoakWatch.Sample> life = watch.last();
      double middle = average(life.subList(life.size() / 3, life.size() * 2 / 3));
      double end = average(life.subList(life.size() * 2 / 3, life.size()));
      assertThat(end)
          .as("resident bytes of the last third of the last life")
          .isLessThan(middle * 1.2);
      // A record is about a kilobyte; most of them were pruned.
      assertThat(life.getLast().disk())
          .as("bytes of the log")
          .isLessThan(256 * MIB + records * 512);
    }
  }

  private static double average(List<SoakWatch.Sample> samples) {
    return samples.stream().mapToLong(SoakWatch.Sample::rss).average().orElse(0);
  }
}
