package io.outrider.review.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.verify.LogSource;
import io.outrider.review.GeneratedLog;
import io.outrider.review.PlainScan;
import io.outrider.review.query.Field;
import io.outrider.review.query.Query;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogIndexTest {
  private static final int CALLS = 12_000;
  private static final Instant NOW = GeneratedLog.START.plusSeconds(12_000);

  @TempDir private static Path shared;

  private static Path log;
  private static LogIndex index;
  private static PlainScan scan;

  @BeforeAll
  static void aLogOfSeveralBlocks() throws Exception {
    log = shared.resolve("log");
    new GeneratedLog(1).append(log, CALLS);
    index = LogIndex.open(log);
    index.refresh(Progress.NONE);
    scan = new PlainScan(log);
  }

  @AfterAll
  static void close() {
    index.close();
  }

  /// It tells what the log tells, to whoever can read it.
  @Test
  void indexIsForItsOwnerAlone() throws Exception {
    Path folder = log.resolve("index");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-------"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "user:user3@example.com",
        "user:user1*",
        "user:*@example.com tool:github.* verdict:deny",
        "tool:github.delete_repo,tool_5 -user:user3@example.com",
        "verdict:deny since:-2h until:-30m",
        "since:2026-11-20T01:00:00Z until:2026-11-20T01:00:05Z",
        "outcome:failed",
        "outcome:failed.upstream.timeout,refused.over_limit",
        "outcome:*internal",
        "rule:data.outrider.deny file:main.rego:12",
        "reason:\"writing is not allowed to user1\"",
        "deprecated",
        "ALLOWED",
        "\"not allowed\" -user2",
        "label:team=platform client:cursor",
        "kind:event -event:session_open",
        "kind:call server:tickets via:http",
        "event:auth_failure",
        "10.9.9.9",
        "fact:session=s-7",
        "latency:>50ms latency:<60ms",
        "-latency:>1ms",
        "latency:>1h",
        "wait:>0us verdict:allow",
        "redactions:>2",
        "redactions:1 redacted:email",
        "bytes:<1kb",
        "error:tool",
        "error:504,tool -verdict:shadow_deny",
        "address:10.0.0.3",
        "session:s-4 index:100..9000",
        "index:17000..",
        "index:5",
        "tool:nothing",
        "xyzzy",
        "tool:*\u202e*",
        "tool:evil*",
        "verified:jwt policy:sha256:f86*",
        "100%_"
      })
  void findsWhatAScanOfTheLogFinds(String text) throws Exception {
    Query query = Query.parse(text, NOW);
    List<Long> expected = scan.find(query);

    assertThat(all(index, query, Page.Order.OLDEST, 977)).isEqualTo(expected);
    assertThat(all(index, query, Page.Order.NEWEST, 1_000)).isEqualTo(expected.reversed());
    assertThat(index.count(query)).isEqualTo(expected.size());
  }

  @Test
  void theQueriesAboveFindSomething() throws Exception {
    assertThat(scan.find(Query.parse("user:*@example.com tool:github.* verdict:deny", NOW)))
        .hasSizeGreaterThan(50);
    assertThat(scan.find(Query.parse("redactions:>2", NOW))).isNotEmpty();
    assertThat(scan.find(Query.parse("tool:*\u202e*", NOW))).isNotEmpty();
    assertThat(scan.find(Query.parse("verdict:deny since:-2h until:-30m", NOW))).isNotEmpty();
  }

  private static List<Long> all(LogIndex index, Query query, Page.Order order, int limit)
      throws Exception {
    List<Long> found = new ArrayList<>();
    Optional<Page.Cursor> cursor = Optional.empty();
    do {
      Page page = index.search(query, cursor.orElse(null), order, limit);
      page.rows().forEach(row -> found.add(row.index()));
      cursor = page.next();
    } while (cursor.isPresent());
    return found;
  }

  @Test
  void aCallIsFoundByItsIdWithAllItsRecords() throws Exception {
    long some = scan.find(Query.parse("outcome:completed", NOW)).get(100);
    String callId = scan.leaves(some).getFirst().text("call").orElseThrow();

    Timeline timeline = index.call(callId).orElseThrow();

    assertThat(timeline.records().stream().map(r -> r.leaf().json()))
        .isEqualTo(scan.leaves(some).stream().map(Leaf::json).toList());
    assertThat(timeline.row().latencyNanos())
        .isEqualTo(scan.leaves(some).getLast().number("ns.total"));
    assertThat(all(index, Query.parse("call:" + callId, NOW), Page.Order.NEWEST, 10))
        .containsExactly(some);
    assertThat(index.call("no-such-call")).isEmpty();
  }

  @Test
  void bucketsCountEveryCallOnce() throws Exception {
    Query query = Query.parse("kind:call user:user2@example.com", NOW);
    List<Bucket> buckets = index.histogram(query, null, null, 50);

    Map<String, Long> expected =
        scan.find(query).stream()
            .collect(
                Collectors.groupingBy(
                    i -> scan.leaves(i).getFirst().text("verdict").orElseThrow(),
                    Collectors.counting()));
    assertThat(
            buckets.stream()
                .flatMap(b -> b.counts().entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum)))
        .isEqualTo(expected);
    assertThat(buckets).hasSize(50);

    Bucket one = buckets.get(20);
    assertThat(index.count(query.within(one.from(), one.until()))).isEqualTo(one.total());
    assertThat(
            index.histogram(query, one.from(), one.until(), 3).stream()
                .mapToLong(Bucket::total)
                .sum())
        .isEqualTo(one.total());
    assertThat(index.histogram(Query.parse("event:start", NOW), null, null, 1).getFirst().counts())
        .containsExactly(Map.entry("event", 1L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TOOL", "USER", "RULE", "OUTCOME", "REASON", "EVENT"})
  void facetsCountValues(String name) throws Exception {
    Field field = Field.valueOf(name);
    Query query = Query.parse("-user:user3@example.com", NOW);
    Map<String, Long> expected =
        scan.find(query).stream()
            .flatMap(i -> PlainScan.values(scan.leaves(i), field).distinct())
            .collect(Collectors.groupingBy(Names::fit, Collectors.counting()));

    List<Facet> facets = index.facets(query, field, 1_000);

    assertThat(facets.stream().collect(Collectors.toMap(Facet::value, Facet::count)))
        .isEqualTo(expected);
    assertThat(facets).isSortedAccordingTo((a, b) -> Long.compare(b.count(), a.count()));
    assertThat(index.facets(query, field, 1)).isEqualTo(facets.subList(0, 1));
  }

  @Test
  void aDeletedOrDamagedIndexIsBuiltAnewAndAnswersAsBefore(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("i.sqlite");
    Query query = Query.parse("tool:github.* -verdict:allow", NOW);
    List<Long> expected = scan.find(query);
    for (String harm : List.of("nothing", "delete", "zeros", "middle", "text", "other schema")) {
      harm(file, harm);
      try (LogIndex again = LogIndex.open(LogSource.folder(log), file)) {
        again.refresh(Progress.NONE);
        assertThat(all(again, query, Page.Order.OLDEST, 500)).as(harm).isEqualTo(expected);
      }
    }
  }

  @Test
  void severalProcessesMayUseOneIndexInTurn(@TempDir Path folder) throws Exception {
    GeneratedLog generated = new GeneratedLog(6);
    Path grown = folder.resolve("log");
    Path file = folder.resolve("i.sqlite");
    try (LogIndex one = LogIndex.open(LogSource.folder(grown), file);
        LogIndex other = LogIndex.open(LogSource.folder(grown), file)) {
      for (LogIndex next : List.of(one, other, one)) {
        generated.append(grown, 50);
        next.refresh(Progress.NONE);
        assertThat(all(next, Query.ALL, Page.Order.OLDEST, 50))
            .isEqualTo(new PlainScan(grown).find(Query.ALL));
      }
    }
  }

  @Test
  void anIndexThatAnotherProcessReplacedIsOpenedAgain(@TempDir Path folder) throws Exception {
    GeneratedLog generated = new GeneratedLog(5);
    Path grown = folder.resolve("log");
    generated.append(grown, 100);
    Path file = folder.resolve("i.sqlite");
    try (LogIndex mine = LogIndex.open(LogSource.folder(grown), file);
        LogIndex other = LogIndex.open(LogSource.folder(grown), file)) {
      mine.refresh(Progress.NONE);
      assertThat(mine.count(Query.ALL)).isPositive();
      new IndexFile(file).delete();
      other.refresh(Progress.NONE);
      generated.append(grown, 100);

      long records = mine.refresh(Progress.NONE);

      assertThat(other.records()).as("written to the file that all see").isEqualTo(records);
      assertThat(mine.records()).isEqualTo(records);
      assertThat(all(mine, Query.ALL, Page.Order.OLDEST, 50))
          .isEqualTo(new PlainScan(grown).find(Query.ALL));
    }
  }

  private static void harm(Path file, String how) throws Exception {
    switch (how) {
      case "delete" -> Files.delete(file);
      case "zeros" -> Files.write(file, new byte[(int) Files.size(file)]);
      case "text" ->
          Files.writeString(file, "this is no database, but it is long enough".repeat(99));
      case "middle" -> {
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 16_384; i < bytes.length; i += 16_384) {
          bytes[i] ^= 0x55;
        }
        Files.write(file, bytes);
      }
      case "other schema" -> {
        try (var connection = new IndexFile(file).writer();
            var statement = connection.createStatement()) {
          statement.executeUpdate("PRAGMA user_version = 999");
        }
      }
      default -> assertThat(file).doesNotExist();
    }
  }

  @Test
  void whatIsDroppedFromTheLogIsDroppedFromItsIndex(@TempDir Path folder) throws Exception {
    new GeneratedLog(4).append(folder, 1_000);
    try (LogIndex pruned = LogIndex.open(folder)) {
      pruned.refresh(Progress.NONE);
      String first = pruned.record(5).orElseThrow().leaf().text("call").orElse("");
      assertThat(pruned.call(first)).isPresent();
      for (String bundle : List.of("000", "001")) {
        Files.delete(folder.resolve("tile/entries/" + bundle));
      }

      pruned.refresh(Progress.NONE);

      List<Long> left = all(pruned, Query.ALL, Page.Order.OLDEST, 300);
      assertThat(left).isSorted().first().isEqualTo(512L);
      assertThat(left).hasSizeGreaterThan(300);
      assertThat(pruned.call(first)).isEmpty();
    }
  }

  @Test
  void anIndexOfAnotherLogIsNotBelieved(@TempDir Path folder) throws Exception {
    Path other = folder.resolve("other");
    new GeneratedLog(2).append(other, 500);
    Files.createDirectories(other.resolve("index"));
    Files.copy(log.resolve("index/audit.sqlite"), other.resolve("index/audit.sqlite"));

    try (LogIndex mine = LogIndex.open(other)) {
      long records = mine.refresh(Progress.NONE);
      assertThat(records).isLessThan(2_000);
      assertThat(all(mine, Query.ALL, Page.Order.OLDEST, 500))
          .isEqualTo(new PlainScan(other).find(Query.ALL));
    }
  }

  @Test
  void growsWithTheLogWhileOthersSearch(@TempDir Path folder) throws Exception {
    GeneratedLog generated = new GeneratedLog(3);
    AtomicBoolean done = new AtomicBoolean();
    try (LogIndex growing = LogIndex.open(folder)) {
      generated.append(folder, 100);
      growing.refresh(Progress.NONE);
      Page first = growing.search(Query.ALL, null, 10);
      CompletableFuture<Long> searches =
          CompletableFuture.supplyAsync(() -> {
            long count = 0;
            long last = 0;
            while (!done.get()) {
              try {
                long found = growing.count(Query.parse("kind:call", NOW));
                assertThat(found).isGreaterThanOrEqualTo(last);
                last = found;
                count++;
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }
            return count;
          });
      for (int i = 0; i < 5; i++) {
        generated.append(folder, 2_000 + i);
        growing.refresh(Progress.NONE);
      }
      done.set(true);
      assertThat(searches.get()).isPositive();

      List<Long> expected = new PlainScan(folder).find(Query.ALL);
      assertThat(all(growing, Query.ALL, Page.Order.OLDEST, 999)).isEqualTo(expected);
      assertThat(
              growing.search(Query.ALL, first.next().orElseThrow(), 10).rows().stream()
                  .map(Row::index))
          .as("a cursor means the same when the log has grown")
          .isEqualTo(
              expected.reversed().stream()
                  .filter(i -> i < first.rows().getLast().index())
                  .limit(10)
                  .toList());
    }
  }

  @Test
  void rowsAreReadFromTheLogAndNotFromTheIndex() throws Exception {
    Row row = index.search(Query.parse("verdict:deny tool:evil*", NOW), null, 1).rows().getFirst();
    Leaf leaf = scan.leaves(row.index()).getFirst();

    assertThat(row.entry().leaf().json()).isEqualTo(leaf.json());
    assertThat(row.tool()).isEqualTo(GeneratedLog.HOSTILE);
    assertThat(row.rules()).first().asString().startsWith("data.outrider.deny (main.rego:");
    assertThat(row.reasons()).contains("no_writes");
  }

  @Test
  void limitsAreChecked() {
    assertThatThrownBy(() -> index.search(Query.ALL, null, 0)).hasMessageContaining("limit: 0");
    assertThatThrownBy(() -> Page.Cursor.parse("12")).hasMessageContaining("r1234");
  }

  @Test
  void takesLittleRoom() throws Exception {
    try (Stream<Path> files = Files.list(log.resolve("index"))) {
      long bytes = files.mapToLong(f -> f.toFile().length()).sum();
      assertThat(bytes / index.records()).isLessThan(400);
    }
  }

  @Test
  void aDamagedBundleHidesItsOwnRecordsAlone(@TempDir Path folder) throws Exception {
    Path copy = folder.resolve("log");
    new GeneratedLog(7).append(copy, 1_000);
    try (LogIndex damaged = LogIndex.open(copy)) {
      damaged.refresh(Progress.NONE);
      Page whole = damaged.search(Query.ALL, null, Page.Order.OLDEST, 10_000);
      assertThat(whole.damaged()).isEmpty();
      Files.write(copy.resolve("tile/entries/001"), new byte[] {1, 2, 3});

      Page page = damaged.search(Query.ALL, null, Page.Order.OLDEST, 10_000);

      assertThat(page.damaged())
          .isNotEmpty()
          .allSatisfy(one -> assertThat(one.why()).contains("bundle"))
          .anySatisfy(one -> assertThat(one.index()).isBetween(256L, 511L));
      assertThat(page.rows()).hasSize(whole.rows().size() - page.damaged().size());
      assertThat(page.rows()).extracting(Row::index).contains(1L, 800L).doesNotContain(300L);
      assertThatThrownBy(page::whole).hasMessageContaining("cannot be read: ");
    }
  }

  @Test
  void aLogThatIsDamagedFurtherOnIsIndexedUpToThere(@TempDir Path folder) throws Exception {
    Path copy = folder.resolve("log");
    new GeneratedLog(7).append(copy, 1_000);
    Files.write(copy.resolve("tile/entries/001"), new byte[] {1, 2, 3});
    try (LogIndex damaged = LogIndex.open(copy)) {
      assertThatThrownBy(() -> damaged.refresh(Progress.NONE))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("bundle");

      assertThat(damaged.records()).isEqualTo(256);
      assertThat(damaged.search(Query.ALL, null, 10).rows()).isNotEmpty();
    }
  }
}
