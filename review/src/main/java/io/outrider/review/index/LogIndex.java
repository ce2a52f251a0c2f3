package io.outrider.review.index;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.verify.AuditTail;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.review.log.Recent;
import io.outrider.review.log.Records;
import io.outrider.review.query.Field;
import io.outrider.review.query.Measure;
import io.outrider.review.query.Query;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The index of one log. Any number of threads may search while one refreshes; each search sees one
/// state of the index. Several processes may use the same file.
///
/// The index is not trusted: what a search returns was read from the log, and an index that does
/// not fit its log, or is damaged, is thrown away and built anew.
public final class LogIndex implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogIndex.class);

  /// Records in one transaction: some hundred milliseconds of work, so that a search waits for
  /// nobody and an interrupted build loses little.
  private static final int BATCH = Bits.BLOCK;

  private static final int MAX_PAGE = 10_000;

  private final LogSource source;
  private final IndexFile file;

  /// Held shared by every use of the file, exclusively while it is replaced.
  private final ReentrantReadWriteLock fileLock = new ReentrantReadWriteLock();

  private final ReentrantLock refreshLock = new ReentrantLock();
  private final Recent recent = new Recent();
  private final Deque<Reader> idle = new ArrayDeque<>();

  /// Which file is open; null if none is, or the file system cannot tell.
  private @Nullable Object opened;

  /// Counts how often the file was replaced: of many searches that find it damaged one replaces it.
  private final AtomicLong generation = new AtomicLong();

  private boolean checked;
  private long begin;
  private @Nullable Connection writing;
  private @Nullable IndexWriter writer;
  private @Nullable AuditTail tail;

  private LogIndex(LogSource source, IndexFile file) {
    this.source = source;
    this.file = file;
  }

  /// The index of `source` in `file`, which need not exist. Call [#refresh] before the first
  /// search.
  public static LogIndex open(LogSource source, Path file) {
    return new LogIndex(source, new IndexFile(file));
  }

  /// The index of the log in a folder, at its usual place.
  public static LogIndex open(Path log) {
    return open(LogSource.folder(log), IndexPlace.of(log, System.getenv()));
  }

  /// Where the index lies.
  public Path file() {
    return file.path();
  }

  /// Adds the records that came since the last time; all of them at first. May be interrupted and
  /// goes on from there.
  ///
  /// @return how many records the index holds
  /// @throws FormatException if what is there is not a log
  /// @throws IOException if log or index cannot be read or written
  public long refresh(Progress progress) throws IOException, FormatException {
    refreshLock.lock();
    try {
      try {
        return refreshOnce(progress);
      } catch (DamagedIndexException e) {
        replace(e);
        return refreshOnce(progress);
      }
    } finally {
      refreshLock.unlock();
    }
  }

  private long refreshOnce(Progress progress) throws IOException, FormatException {
    if (isReplaced()) {
      letGo();
    }
    fileLock.readLock().lock();
    try {
      Connection connection = writing;
      if (connection == null) {
        Object before = file.key();
        connection = file.writer();
        opened = before == null ? file.key() : before;
        writing = connection;
      }
      if (!checked || Records.begin(source) != begin) {
        check();
      }
      long before = -1;
      long records = batch(connection);
      while (records != before) {
        Optional<Checkpoint> checkpoint = Records.checkpoint(source);
        progress.at(records, checkpoint.map(Checkpoint::size).orElse(records));
        if (Thread.currentThread().isInterrupted()) {
          return records;
        }
        before = records;
        records = batch(connection);
      }
      return records;
    } catch (SQLException e) {
      throw IndexFile.problem(e);
    } finally {
      fileLock.readLock().unlock();
    }
  }

  private void check() throws IOException, FormatException, SQLException {
    try (Reader reader = new Reader(file.reader())) {
      Optional<String> misfit = Belonging.misfit(source, reader);
      if (misfit.isPresent()) {
        throw new DamagedIndexException(misfit.get());
      }
    }
    checked = true;
    begin = Records.begin(source);
  }

  /// Adds up to one batch and commits it.
  ///
  /// @return how many records the index holds now
  private long batch(Connection connection) throws IOException, FormatException, SQLException {
    connection.setAutoCommit(false);
    boolean done = false;
    try (Statement statement = connection.createStatement()) {
      // Takes the lock now, so that another process that builds the same index waits.
      statement.executeUpdate("DELETE FROM meta WHERE key = ''");
      long records = records(connection);
      AuditTail from = tail;
      IndexWriter into = writer;
      if (from == null || into == null || from.position() != records) {
        from = new AuditTail(source, records);
        tail = from;
        // Another process wrote since, or a batch was undone: what the writer remembers of the file
        // is not so.
        closeQuietly(into);
        into = new IndexWriter(connection);
        writer = into;
      }
      into.begin(records);
      Leaf last = null;
      while (from.position() < records + BATCH) {
        List<LogEntry> entries;
        try {
          entries = from.poll();
        } catch (FormatException e) {
          if (last == null) {
            throw e;
          }
          // What stands before the damage can be found; the next batch says what is damaged.
          break;
        }
        if (entries.isEmpty()) {
          break;
        }
        for (LogEntry entry : entries) {
          into.add(entry);
          if (!entry.checkpointed()) {
            recent.add(entry);
          }
        }
        last = entries.getLast().leaf();
      }
      if (last != null) {
        into.flush(Belonging.of(source, from.position(), last));
      }
      // Not commit(), which begins the next transaction at once, and keeps all others from writing.
      connection.setAutoCommit(true);
      done = true;
      return from.position();
    } finally {
      if (!done) {
        tail = null;
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  private static long records(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT value FROM meta WHERE key = '" + Belonging.RECORDS + "'")) {
      return row.next() ? Long.parseLong(row.getString(1)) : 0;
    }
  }

  /// A page of what fits, newest first.
  public Page search(Query query, Page.@Nullable Cursor after, int limit)
      throws IOException, FormatException {
    return search(query, after, Page.Order.NEWEST, limit);
  }

  /// A page of what fits.
  ///
  /// @param after where the page before ended; null for the first
  /// @param limit most rows, up to 10,000; there is no limit to the number of pages
  /// @throws FormatException if what is there is not a log
  public Page search(Query query, Page.@Nullable Cursor after, Page.Order order, int limit)
      throws IOException, FormatException {
    if (limit < 1 || limit > MAX_PAGE) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + MAX_PAGE + ")");
    }
    return read(query, search -> search.page(new Records(source, recent), after, order, limit));
  }

  /// How many calls and events fit.
  public long count(Query query) throws IOException, FormatException {
    return read(query, Search::count);
  }

  /// Counts over time of what fits, by verdict.
  ///
  /// @param from begin of the first bucket; null for that of the log
  /// @param until end of the last bucket; null for that of the log
  /// @param buckets how many, up to 2,000; fewer come if the time is shorter than so many
  ///   milliseconds
  public List<Bucket> histogram(
      Query query, @Nullable Instant from, @Nullable Instant until, int buckets)
      throws IOException, FormatException {
    if (buckets < 1 || buckets > Search.MAX_BUCKETS) {
      throw new IllegalArgumentException(
          "buckets: " + buckets + " (expected: 1 to " + Search.MAX_BUCKETS + ")");
    }
    return read(query, search -> search.histogram(from, until, buckets));
  }

  /// The values of a field that most of what fits has, with how many, most first.
  public List<Facet> facets(Query query, Field field, int limit)
      throws IOException, FormatException {
    return read(query, search -> search.facets(field, limit));
  }

  /// How a number is distributed over the calls that fit and have it.
  public Distribution distribution(Query query, Measure measure)
      throws IOException, FormatException {
    return read(query, search -> search.distribution(measure));
  }

  /// One call from beginning to end; empty if there is none of this id.
  public Optional<Timeline> call(String callId) throws IOException, FormatException {
    return read(Query.ALL, search -> search.timeline(new Records(source, recent), callId));
  }

  /// One record as it stands in the log; empty if the log does not reach so far.
  public Optional<LogEntry> record(long index) throws IOException, FormatException {
    return new Records(source, recent).read(index);
  }

  /// How many records the index holds.
  public long records() throws IOException, FormatException {
    return read(Query.ALL, search -> search.plan().records());
  }

  private interface Question<T> {
    T ask(Search search) throws IOException, FormatException, SQLException;
  }

  private <T> T read(Query query, Question<T> question) throws IOException, FormatException {
    long seen = generation.get();
    try {
      return readOnce(query, question);
    } catch (DamagedIndexException e) {
      refreshLock.lock();
      try {
        if (seen == generation.get()) {
          replace(e);
        }
        refreshOnce(Progress.NONE);
      } finally {
        refreshLock.unlock();
      }
      return readOnce(query, question);
    }
  }

  private <T> T readOnce(Query query, Question<T> question) throws IOException, FormatException {
    fileLock.readLock().lock();
    Reader reader = null;
    try {
      reader = borrow();
      long records = Belonging.number(reader.meta(Belonging.RECORDS));
      T answer = question.ask(new Search(Plan.of(reader, query, records)));
      reader.end();
      giveBack(reader);
      reader = null;
      return answer;
    } catch (SQLException e) {
      throw IndexFile.problem(e);
    } finally {
      closeQuietly(reader);
      fileLock.readLock().unlock();
    }
  }

  private Reader borrow() throws SQLException {
    synchronized (idle) {
      Reader reader = idle.poll();
      if (reader != null) {
        return reader;
      }
    }
    return new Reader(file.reader());
  }

  private void giveBack(Reader reader) {
    synchronized (idle) {
      idle.push(reader);
    }
  }

  /// Whether another process put another file in the place of the one that is open, which nobody
  /// else sees any more then.
  private boolean isReplaced() throws IOException {
    return opened != null && !opened.equals(file.key());
  }

  private void letGo() {
    fileLock.writeLock().lock();
    try {
      LOG.atInfo()
          .addKeyValue("file", file.path())
          .log("index was replaced by another process and is opened again");
      closeAll();
    } finally {
      fileLock.writeLock().unlock();
    }
  }

  /// Throws the file away; the next refresh builds it anew. If another process did that already,
  /// its file stays.
  private void replace(DamagedIndexException reason) throws IOException {
    fileLock.writeLock().lock();
    try {
      LOG.atInfo()
          .addKeyValue("file", file.path())
          .addKeyValue("reason", reason.getMessage())
          .log("index is built anew");
      boolean another = isReplaced();
      closeAll();
      if (!another) {
        file.delete();
      }
    } finally {
      fileLock.writeLock().unlock();
    }
  }

  private void closeAll() {
    closeQuietly(writer);
    closeQuietly(writing);
    writer = null;
    writing = null;
    opened = null;
    generation.incrementAndGet();
    tail = null;
    recent.clear();
    checked = false;
    synchronized (idle) {
      idle.forEach(LogIndex::closeQuietly);
      idle.clear();
    }
  }

  private static void closeQuietly(@Nullable AutoCloseable closeable) {
    if (closeable != null) {
      try {
        closeable.close();
      } catch (Exception e) {
        LOG.atDebug().setCause(e).log("index could not be closed");
      }
    }
  }

  @Override
  public void close() {
    refreshLock.lock();
    fileLock.writeLock().lock();
    try {
      closeAll();
    } finally {
      fileLock.writeLock().unlock();
      refreshLock.unlock();
    }
  }
}
