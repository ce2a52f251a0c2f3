package io.outrider.enforce;

import io.outrider.audit.record.Event;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.session.SessionStore;
import io.outrider.telemetry.CallMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/// What every exchange and every stream of a server needs on the way back. One for a proxy;
/// thread-safe.
public final class WayBack {

  /// A cancelled call may still answer within this; then its place is given to another.
  static final Duration CANCEL_GRACE = Duration.ofSeconds(2);

  final MessageReader reader;
  final ResultPath results;
  final ServerPipeline server;
  final AuditTrail audit;
  final CallMetrics metrics;
  final Deadlines deadlines;
  final Executor workers;
  final LongSupplier nanoTime;
  final int offLoopBytes;
  final long idleNanos;
  final long absoluteNanos;

  /// @param reader reads what servers send, with its own limits
  /// @param workers where messages larger than `offLoopBytes` are worked on
  /// @param idle between two signs of life
  /// @param absolute of a whole call
  public WayBack(
      MessageReader reader,
      ToolCatalog tools,
      Transports transports,
      SessionStore sessions,
      AuditTrail audit,
      LiveRules rules,
      CallMetrics metrics,
      InstantSource clock,
      LongSupplier nanoTime,
      Executor workers,
      int offLoopBytes,
      Duration idle,
      Duration absolute) {
    this.reader = reader;
    this.server = new ServerPipeline(tools, transports, audit, clock);
    this.results =
        new ResultPath(
            server,
            new ListFilter(
                tools,
                transports,
                (upstream, tool, digest) ->
                    audit.event(
                        Event.Kind.TOOL_CATALOG,
                        rules.current(),
                        Map.of(
                            "upstream",
                            upstream,
                            "tool",
                            tool,
                            "definition",
                            digest,
                            "change",
                            "definition changed"))),
            tools,
            transports,
            sessions);
    this.audit = audit;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.workers = workers;
    this.offLoopBytes = offLoopBytes;
    this.idleNanos = idle.toNanos();
    this.absoluteNanos = absolute.toNanos();
    // A quarter of the shortest deadline keeps the error small; a second is plenty for long ones.
    this.deadlines =
        new Deadlines(
            nanoTime,
            Math.clamp(Math.min(idleNanos, CANCEL_GRACE.toNanos()) / 4, 1_000_000, 1_000_000_000));
  }

  /// Exchanges under way.
  public int running() {
    return deadlines.size();
  }
}
