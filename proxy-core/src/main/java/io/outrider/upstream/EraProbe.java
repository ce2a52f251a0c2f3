package io.outrider.upstream;

import io.netty.channel.EventLoop;
import io.outrider.jsonrpc.Json;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.jsonrpc.Reading;
import io.outrider.mcp.Era;
import io.outrider.mcp.ErrorCode;
import io.outrider.mcp.McpMethod;
import io.outrider.mcp.Meta;
import io.outrider.mcp.Revision;
import io.outrider.settings.UpstreamSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Finds out, once and before the first modern call, whether an upstream speaks 2026-07-28: asks
/// `server/discover`, never a tool, because an old server may carry out what it should refuse.
///
/// A modern verdict stays for good: falling back would be a downgrade an attacker could cause. A
/// legacy one is asked again after an hour, so that an upgrade of the server is noticed.
/// Thread-safe.
public final class EraProbe {

  private static final long LEGACY_FOR_NANOS = Duration.ofHours(1).toNanos();

  /// What is known of an upstream.
  public sealed interface Verdict {
    record Modern() implements Verdict {}

    record Legacy() implements Verdict {}

    /// Nobody could be asked; ask again at the next call.
    record Unknown(String why) implements Verdict {}
  }

  private static final Logger log = LoggerFactory.getLogger(EraProbe.class);

  private final String upstream;
  private final UpstreamSettings.Era configured;
  private final LongSupplier nanoTime;
  private final BiConsumer<EventLoop, Consumer<Verdict>> ask;
  private final List<Waiting> waiting = new ArrayList<>();
  private @Nullable Verdict known;
  private long knownSince;
  private long askedAt;
  private boolean asking;

  private record Waiting(EventLoop loop, Consumer<Verdict> then) {}

  /// @param upstream its name, for the operator
  /// @param ask asks the upstream, on a loop, and says the verdict exactly once on that loop
  public EraProbe(
      String upstream,
      UpstreamSettings.Era configured,
      LongSupplier nanoTime,
      BiConsumer<EventLoop, Consumer<Verdict>> ask) {
    this.upstream = upstream;
    this.configured = configured;
    this.nanoTime = nanoTime;
    this.ask = ask;
  }

  /// Says the verdict on `loop`: at once when it is known. Call on that loop.
  public void whenKnown(EventLoop loop, Consumer<Verdict> then) {
    switch (configured) {
      case MODERN -> then.accept(new Verdict.Modern());
      case LEGACY -> then.accept(new Verdict.Legacy());
      case AUTO -> {
        Verdict verdict = knownOrQueue(loop, then);
        if (verdict != null) {
          then.accept(verdict);
        }
      }
    }
  }

  private @Nullable Verdict knownOrQueue(EventLoop loop, Consumer<Verdict> then) {
    boolean first;
    synchronized (this) {
      boolean stale =
          known instanceof Verdict.Legacy && nanoTime.getAsLong() - knownSince > LEGACY_FOR_NANOS;
      if (known != null && !stale) {
        return known;
      }
      waiting.add(new Waiting(loop, then));
      first = !asking;
      if (first) {
        asking = true;
        askedAt = nanoTime.getAsLong();
      }
    }
    if (first) {
      // A server that is silent holds its first calls up until the answer is given up.
      log.atInfo().addKeyValue("upstream", upstream).log("asking which era the server speaks");
      ask.accept(loop, this::answered);
    }
    return null;
  }

  private void answered(Verdict verdict) {
    List<Waiting> told;
    long took;
    synchronized (this) {
      asking = false;
      took = nanoTime.getAsLong() - askedAt;
      known = verdict instanceof Verdict.Unknown ? null : verdict;
      knownSince = nanoTime.getAsLong();
      told = List.copyOf(waiting);
      waiting.clear();
    }
    log.atInfo()
        .addKeyValue("upstream", upstream)
        .addKeyValue(
            "era",
            switch (verdict) {
              case Verdict.Modern _ -> "modern";
              case Verdict.Legacy _ -> "legacy";
              case Verdict.Unknown(String why) -> "unknown: " + why;
            })
        .addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(took))
        .log("era of the server");
    told.forEach(w -> w.loop.execute(() -> w.then.accept(verdict)));
  }

  /// The question.
  public static byte[] discover(String id) {
    ObjectNode message = Json.object();
    message.put("jsonrpc", "2.0").put("id", id).put("method", McpMethod.SERVER_DISCOVER.wire());
    ObjectNode meta = message.putObject("params").putObject("_meta");
    meta.put(Meta.PROTOCOL_VERSION, Revision.V2026_07_28.text());
    meta.putObject(Meta.CLIENT_INFO).put("name", "outrider").put("version", "1");
    meta.putObject(Meta.CLIENT_CAPABILITIES);
    return Json.bytes(message);
  }

  /// What an answer means. An error is evidence of the modern era only where it names what only
  /// that era has; any other answer is what old servers say to a question they do not know.
  public static Verdict read(MessageReader reader, byte[] answer) {
    if (!(reader.read(answer) instanceof Reading.Parsed(JsonRpcMessage message))) {
      return new Verdict.Legacy();
    }
    return switch (message) {
      case JsonRpcMessage.Result result ->
          names(Json.tree(result.bytes()).path("result").path("supportedVersions"))
              ? new Verdict.Modern()
              : new Verdict.Legacy();
      case JsonRpcMessage.Error error ->
          switch (error.code()) {
            case ErrorCode.UNSUPPORTED_VERSION ->
                names(Json.tree(error.bytes()).path("error").path("data").path("supported"))
                    ? new Verdict.Modern()
                    : new Verdict.Legacy();
            case ErrorCode.HEADER_MISMATCH, ErrorCode.MISSING_CAPABILITY -> new Verdict.Modern();
            default -> new Verdict.Legacy();
          };
      case JsonRpcMessage.Request _, JsonRpcMessage.Notification _ -> new Verdict.Legacy();
    };
  }

  private static boolean names(JsonNode versions) {
    for (JsonNode version : versions) {
      if (version.isString()
          && Revision.of(version.stringValue()).map(Revision::era).orElse(Era.LEGACY)
              == Era.MODERN) {
        return true;
      }
    }
    return false;
  }
}
