package io.outrider.session;

import io.outrider.call.ClientInfo;
import io.outrider.call.Principal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The open legacy sessions. Thread-safe.
public final class SessionStore {

  private static final int ID_BYTES = 24;

  private final Map<String, ClientSession> sessions = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final LongSupplier nanoTime;
  private final Duration maxIdle;

  /// @param maxIdle how long a session may be silent before [#expire()] ends it
  public SessionStore(LongSupplier nanoTime, Duration maxIdle) {
    this.nanoTime = nanoTime;
    this.maxIdle = maxIdle;
  }

  /// A session that is not found under its id until [#publish(ClientSession)].
  public ClientSession open(String upstream, Principal principal, ClientInfo client) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    return new ClientSession(text, upstream, principal, client, nanoTime.getAsLong());
  }

  /// Lets requests find the session.
  public void publish(ClientSession session) {
    sessions.put(session.id(), session);
    session.whenClosed(() -> sessions.remove(session.id()));
  }

  /// The session of that id, upstream and principal. Whoever guesses or steals an id learns no more
  /// than that it is unknown: possession is not authority.
  public @Nullable ClientSession find(String id, String upstream, Principal principal) {
    ClientSession session = sessions.get(id);
    if (session == null
        || !session.upstream().equals(upstream)
        || !session.principal().id().equals(principal.id())
        || session.principal().auth() != principal.auth()) {
      return null;
    }
    session.touch(nanoTime.getAsLong());
    return session;
  }

  /// Ends sessions that were silent too long; call it now and then.
  ///
  /// @return the sessions that ended
  public List<ClientSession> expire() {
    long now = nanoTime.getAsLong();
    List<ClientSession> idle =
        sessions.values().stream().filter(s -> s.idleNanos(now) > maxIdle.toNanos()).toList();
    idle.forEach(ClientSession::onClosed);
    return idle;
  }

  /// Ends all.
  public void closeAll() {
    List.copyOf(sessions.values()).forEach(ClientSession::onClosed);
  }

  public int size() {
    return sessions.size();
  }
}
