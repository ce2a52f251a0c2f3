package io.outrider.session;

import io.outrider.call.ClientInfo;
import io.outrider.call.Principal;
import io.outrider.jsonrpc.JsonRpcId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// One legacy client of one upstream, from `initialize` to the end. Thread-safe.
///
/// The id is ours, minted from 192 random bits and bound to the principal that opened it; the
/// upstream's own session id never leaves the proxy.
public final class ClientSession {

  /// Requests of a server a client has not answered: enough for any dialogue, small enough that a
  /// hostile server cannot fill memory.
  static final int MAX_OPEN_ASKS = 256;

  private final String id;
  private final String digest;
  private final String upstream;
  private final Principal principal;
  private final ClientInfo client;
  private final Map<JsonRpcId, InFlight> inFlight = new ConcurrentHashMap<>();
  private final Map<JsonRpcId, String> asks = new ConcurrentHashMap<>();
  private final List<Runnable> onClosed = new CopyOnWriteArrayList<>();

  private SessionState state = new SessionState.Opening();
  private volatile long lastUsedNanos;

  ClientSession(String id, String upstream, Principal principal, ClientInfo client, long nowNanos) {
    this.id = id;
    this.digest = digestOf(id);
    this.upstream = upstream;
    this.principal = principal;
    this.client = client;
    this.lastUsedNanos = nowNanos;
  }

  public String id() {
    return id;
  }

  /// Names the session in policies and records, so that whoever reads those cannot join it: the
  /// first 64 bits of the SHA-256 of its id, in hex.
  public String digest() {
    return digest;
  }

  private static String digestOf(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform lacks SHA-256", e);
    }
  }

  public String upstream() {
    return upstream;
  }

  public Principal principal() {
    return principal;
  }

  public ClientInfo client() {
    return client;
  }

  public synchronized SessionState state() {
    return state;
  }

  /// The revision agreed on, or empty text while there is none.
  public String revision() {
    return state() instanceof SessionState.Open open ? open.revision() : "";
  }

  /// The upstream answered `initialize`.
  public synchronized void onInitialized(String revision) {
    if (state instanceof SessionState.Opening opening) {
      state = opening.toOpen(revision);
    }
  }

  /// Ends the session once: what is in flight is told, then whoever asked to hear of it.
  public void onClosed() {
    synchronized (this) {
      switch (state) {
        case SessionState.Opening opening -> state = opening.toClosed();
        case SessionState.Open open -> state = open.toClosed();
        case SessionState.Closed ignored -> {
          return;
        }
      }
    }
    inFlight.values().forEach(InFlight::sessionEnded);
    inFlight.clear();
    asks.clear();
    onClosed.forEach(Runnable::run);
  }

  /// Runs `hook` when the session ends, at once if it has ended.
  ///
  /// @return takes the hook back: what lives shorter than a session must not pile up in it
  public Runnable whenClosed(Runnable hook) {
    onClosed.add(hook);
    if (state() instanceof SessionState.Closed && onClosed.remove(hook)) {
      hook.run();
    }
    return () -> onClosed.remove(hook);
  }

  /// Remembers a request under way.
  ///
  /// @return false if the id is in use: the client must not reuse it before the answer
  public boolean begin(JsonRpcId request, InFlight exchange) {
    return inFlight.putIfAbsent(request, exchange) == null;
  }

  /// Forgets a request, if it is still this one.
  public void end(JsonRpcId request, InFlight exchange) {
    inFlight.remove(request, exchange);
  }

  /// The request under way with this id, or null.
  public @Nullable InFlight inFlight(JsonRpcId request) {
    return inFlight.get(request);
  }

  /// Remembers that the server asked the client something.
  ///
  /// @return false if too many asks are open, or the id is in use
  public boolean asked(JsonRpcId ask, String method) {
    return asks.size() < MAX_OPEN_ASKS && asks.putIfAbsent(ask, method) == null;
  }

  /// Takes the open ask an answer belongs to.
  ///
  /// @return the method that was asked, or null when nobody asked
  public @Nullable String answered(JsonRpcId ask) {
    return asks.remove(ask);
  }

  void touch(long nowNanos) {
    lastUsedNanos = nowNanos;
  }

  long idleNanos(long nowNanos) {
    return inFlight.isEmpty() ? nowNanos - lastUsedNanos : 0;
  }
}
