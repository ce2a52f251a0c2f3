package io.outrider.app.console;

import com.sun.net.httpserver.Headers;
import io.outrider.audit.record.Event;
import io.outrider.settings.ConsoleSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides who may look, and records that somebody does: once for each visit, not for each request.
/// Thread-safe.
final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);

  static final String COOKIE = "outrider_console";
  static final Duration IDLE = Duration.ofMinutes(30);

  /// A working day: a browser that is never closed must not stay signed in for ever.
  static final Duration LONGEST = Duration.ofHours(12);

  /// More than a team of reviewers; then the one that was longest silent goes.
  private static final int MOST_VISITORS = 256;

  private static final String BEARER = "Bearer ";

  /// What proxies add.
  private static final List<String> FORWARDED =
      List.of(
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Real-IP",
          "Via");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final List<ConsoleSettings.Token> tokens;
  private final String nameless;
  private final boolean loopback;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Throttle throttle;

  /// By the SHA-256 of the cookie, or by what else tells visitors apart.
  private final Map<String, Visitor> visitors = new HashMap<>();

  Gate(
      List<ConsoleSettings.Token> tokens,
      String nameless,
      boolean loopback,
      Ledger ledger,
      InstantSource clock) {
    this.tokens = tokens;
    this.nameless = nameless;
    this.loopback = loopback;
    this.ledger = ledger;
    this.clock = clock;
    this.throttle = new Throttle(clock);
  }

  /// Whether somebody may come in.
  sealed interface Entry {
    record Granted(Visitor visitor) implements Entry {}

    record Refused(Answer.Whole answer) implements Entry {}
  }

  /// Why nobody at all may look; empty if somebody may.
  Optional<String> shut() {
    return loopback || !tokens.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The console is not served: admin.address is no loopback address, and nobody is named who may look."
                + " Set admin.console.tokens (outrider key new --id NAME makes one),"
                + " or admin.address to 127.0.0.1.");
  }

  /// Whether one signs in here.
  boolean asks() {
    return !tokens.isEmpty();
  }

  Entry enter(Headers headers, String address) {
    if (shut().isPresent()) {
      return new Entry.Refused(Answer.error(403, shut().get()));
    }
    if (!asks() && FORWARDED.stream().anyMatch(headers::containsKey)) {
      // What is on this machine is a proxy then, and who is behind it is not.
      return new Entry.Refused(
          Answer.error(
              403,
              "The console is not served through a proxy while nobody is named who may look. Set admin.console.tokens"
                  + " (outrider key new --id NAME makes one)."));
    }
    try {
      return asks()
          ? signedIn(headers, address)
          : granted("loopback " + address, nameless, address);
    } catch (NotRecordedException e) {
      return new Entry.Refused(Answer.unrecorded(e));
    }
  }

  private Entry granted(String key, String who, String address) throws NotRecordedException {
    return new Entry.Granted(visit(key, who, address));
  }

  private Entry signedIn(Headers headers, String address) throws NotRecordedException {
    String credential = headers.getFirst("Authorization");
    if (credential != null) {
      return switch (check(credential, address)) {
        case Checked.Known(String id) -> granted("token " + id + " " + address, id, address);
        case Checked.Unknown(Answer.Whole answer) -> new Entry.Refused(answer);
      };
    }
    Visitor visitor = cookie(headers).map(this::bySession).orElse(null);
    return visitor == null
        ? new Entry.Refused(Answer.json(401, Map.of("error", "not signed in", "sign_in", true)))
        : new Entry.Granted(visitor);
  }

  /// Makes a session of a token in `Authorization`. The cookie has no path, so that it goes to the
  /// API alone, wherever a proxy in front puts it.
  ///
  /// @param secure whether the request came over TLS
  Answer.Whole signIn(Headers headers, String address, boolean secure) {
    if (shut().isPresent()) {
      return Answer.error(403, shut().get());
    }
    String credential = headers.getFirst("Authorization");
    if (!asks() || credential == null) {
      return Answer.error(
          400,
          asks()
              ? "no Authorization header (expected: Bearer and a token)"
              : "nobody signs in here: admin.console.tokens is empty");
    }
    return switch (check(credential, address)) {
      case Checked.Unknown(Answer.Whole answer) -> answer;
      case Checked.Known(String id) -> {
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        String session = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
          visit("session " + sha256(session), id, address);
        } catch (NotRecordedException e) {
          yield Answer.unrecorded(e);
        }
        boolean tls = secure || "https".equalsIgnoreCase(headers.getFirst("X-Forwarded-Proto"));
        yield Answer.json(200, Map.of("who", id))
            .with("Set-Cookie", cookie(session, LONGEST) + (tls ? "; Secure" : ""));
      }
    };
  }

  Answer.Whole signOut(Headers headers) {
    cookie(headers)
        .ifPresent(session -> {
          synchronized (visitors) {
            visitors.remove("session " + sha256(session));
          }
        });
    return Answer.json(200, Map.of()).with("Set-Cookie", cookie("", Duration.ZERO));
  }

  private static String cookie(String value, Duration life) {
    return COOKIE + "=" + value + "; HttpOnly; SameSite=Strict; Max-Age=" + life.toSeconds();
  }

  private sealed interface Checked {
    record Known(String id) implements Checked {}

    record Unknown(Answer.Whole answer) implements Checked {}
  }

  private Checked check(String credential, String address) {
    if (credential.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      byte[] digest =
          sha256(credential.substring(BEARER.length()).strip()).getBytes(StandardCharsets.US_ASCII);
      String id = null;
      // All are compared, each in constant time: how long it takes says nothing.
      for (ConsoleSettings.Token token : tokens) {
        if (MessageDigest.isEqual(digest, token.sha256().getBytes(StandardCharsets.US_ASCII))) {
          id = token.id();
        }
      }
      if (id != null) {
        return new Checked.Known(id);
      }
    }
    // Only now: whoever has a token is let in, however many others try without one.
    if (throttle.closed(address)) {
      return new Checked.Unknown(
          Answer.error(429, "too many failures to sign in; try again in a minute")
              .with("Retry-After", Long.toString(Throttle.WINDOW.toSeconds())));
    }
    throttle.failed(address);
    try {
      ledger.record(
          Event.Kind.AUTH_FAILURE,
          Map.of(
              "at",
              "console",
              "from",
              address,
              "why",
              "a token that is not in admin.console.tokens"));
    } catch (NotRecordedException e) {
      log.atError()
          .addKeyValue("from", address)
          .addKeyValue("reason", e.getMessage())
          .log("a token that is not known could not be recorded");
    }
    return new Checked.Unknown(
        Answer.json(401, Map.of("error", "this token is not known", "sign_in", true)));
  }

  private @Nullable Visitor bySession(String session) {
    synchronized (visitors) {
      return known("session " + sha256(session));
    }
  }

  /// The visitor of this key, who may be new.
  private Visitor visit(String key, String who, String address) throws NotRecordedException {
    synchronized (visitors) {
      Visitor known = known(key);
      if (known != null) {
        return known;
      }
      ledger.record(Event.Kind.REVIEW, Map.of("who", who, "command", "console", "from", address));
      if (visitors.size() >= MOST_VISITORS) {
        visitors.entrySet().stream()
            .min(Comparator.comparing(visit -> visit.getValue().seen()))
            .map(Map.Entry::getKey)
            .ifPresent(visitors::remove);
      }
      Visitor visitor = new Visitor(who, address, clock.instant());
      visitors.put(key, visitor);
      return visitor;
    }
  }

  private @Nullable Visitor known(String key) {
    Instant now = clock.instant();
    visitors
        .values()
        .removeIf(visitor ->
            visitor.seen().plus(IDLE).isBefore(now) || visitor.since().plus(LONGEST).isBefore(now));
    Visitor visitor = visitors.get(key);
    if (visitor != null) {
      visitor.seen(now);
    }
    return visitor;
  }

  private static Optional<String> cookie(Headers headers) {
    for (String header : headers.getOrDefault("Cookie", List.of())) {
      for (String part : header.split(";", -1)) {
        String pair = part.strip();
        if (pair.startsWith(COOKIE + "=") && pair.length() > COOKIE.length() + 1) {
          return Optional.of(pair.substring(COOKIE.length() + 1));
        }
      }
    }
    return Optional.empty();
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
