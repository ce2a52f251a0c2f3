package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The `io.jwt.*` functions that read and verify tokens. Those that sign are not available to
/// policies.
final class Jwts {
  private static final RegoArray UNVERIFIED =
      RegoArray.of(RegoBoolean.FALSE, RegoObject.EMPTY, RegoObject.EMPTY);

  /// The header parameters this code understands, which `crit` may therefore name.
  private static final Set<String> UNDERSTOOD = Set.of("alg", "kid", "typ", "cty", "crit");

  private Jwts() {}

  private record KeyText(String text) {}

  static void register(Registry r) {
    r.one("io.jwt.decode", a -> decode(Args.string(a, 1), 0));
    r.any("io.jwt.decode_verify", Jwts::decodeVerify);
    for (String alg :
        new String[] {
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
        }) {
      r.any(
          "io.jwt.verify_" + alg.toLowerCase(Locale.ROOT),
          (cx, a) -> RegoBoolean.of(isSigned(cx, a, alg)));
    }
    for (String alg : new String[] {"HS256", "HS384", "HS512"}) {
      r.two(
          "io.jwt.verify_" + alg.toLowerCase(Locale.ROOT),
          (a, b) -> RegoBoolean.of(hasSecret(a, b, alg)));
    }
  }

  private static RegoValue decode(String text, int depth) {
    JwtToken token = JwtToken.parse(text);
    String payload = token.payload();
    if (token.parameter("cty").equals("JWT")) {
      return decode(unquoted(payload), nested(depth));
    }
    RegoObject claims = token.claims();
    return RegoArray.of(
        token.header(), claims, RegoString.of(HexFormat.of().formatHex(token.signature())));
  }

  private static int nested(int depth) {
    if (depth >= JwtToken.MAX_NESTING) {
      throw Args.error("JWT nested more than " + JwtToken.MAX_NESTING + " deep");
    }
    return depth + 1;
  }

  /// A nested token stands in quotes.
  private static String unquoted(String text) {
    return text.replaceAll("^[\"']+|[\"']+$", "");
  }

  private static List<JwtKeys.Key> keys(BuiltinContext cx, String text) {
    return cx.patterns().get(new KeyText(text), k -> JwtKeys.parse(k.text()));
  }

  private static boolean hasSecret(RegoValue a, RegoValue b, String alg) {
    String text = Args.string(a, 1);
    byte[] secret = Args.string(b, 2).getBytes(StandardCharsets.UTF_8);
    JwtToken token = JwtToken.parse(text);
    return JwtSignatures.verify(
        new JwtKeys.Key(alg, "", null, secret), alg, token.signed(), token.signature());
  }

  private static boolean isSigned(BuiltinContext cx, RegoValue[] a, String alg) {
    String text = Args.string(a[0], 1);
    JwtToken.sections(text);
    List<JwtKeys.Key> keys = keys(cx, Args.string(a[1], 2));
    JwtToken token = JwtToken.parse(text);
    understandsCritical(token);
    return anyVerifies(keys, token, alg);
  }

  /// Tries the key the token names, or else every key that is not meant for another algorithm.
  private static boolean anyVerifies(List<JwtKeys.Key> keys, JwtToken token, String alg) {
    byte[] signature = token.signature();
    String kid = token.parameter("kid");
    String tokenAlg = token.parameter("alg");
    if (!kid.isEmpty()) {
      for (JwtKeys.Key key : keys) {
        if (key.kid().equals(kid)) {
          return JwtSignatures.verify(key, alg, token.signed(), signature);
        }
      }
    }
    for (JwtKeys.Key key : keys) {
      boolean fits = key.alg().isEmpty() || key.alg().equals(tokenAlg);
      if (fits && JwtSignatures.verify(key, alg, token.signed(), signature)) {
        return true;
      }
    }
    return false;
  }

  /// What a token must satisfy; empty texts demand nothing.
  private record Constraints(
      List<JwtKeys.Key> keys, String alg, String iss, String aud, BigDecimal seconds) {
    static Constraints of(BuiltinContext cx, RegoObject object) {
      List<JwtKeys.Key> publicKeys = null;
      String secret = "";
      String alg = "";
      String iss = "";
      String aud = "";
      BigDecimal nanos = BigDecimal.valueOf(cx.timeNanos());
      for (RegoObject.Entry entry : object) {
        String name = entry.key() instanceof RegoString s ? s.value() : entry.key().toString();
        switch (name) {
          case "cert" -> publicKeys = Jwts.keys(cx, text(name, entry.value()));
          case "secret" -> secret = text(name, entry.value());
          case "alg" -> alg = text(name, entry.value());
          case "iss" -> iss = text(name, entry.value());
          case "aud" -> aud = text(name, entry.value());
          case "time" -> nanos = time(entry.value());
          default -> throw Args.error("unknown token validation constraint: " + name);
        }
      }
      if (publicKeys != null && !secret.isEmpty()) {
        throw Args.error("duplicate key constraints");
      }
      if (publicKeys == null && secret.isEmpty()) {
        throw Args.error("no key constraint");
      }
      List<JwtKeys.Key> keys =
          publicKeys != null
              ? publicKeys
              : List.of(new JwtKeys.Key("", "", null, secret.getBytes(StandardCharsets.UTF_8)));
      return new Constraints(keys, alg, iss, aud, nanos.scaleByPowerOfTen(-9));
    }

    private static String text(String name, RegoValue value) {
      if (value instanceof RegoString s) {
        return s.value();
      }
      throw Args.error(name + " constraint: must be a string");
    }

    private static BigDecimal time(RegoValue value) {
      if (!(value instanceof RegoNumber n)) {
        throw Args.error("token time constraint: must be a number");
      }
      if (n.signum() < 0) {
        throw Args.error("token time constraint: must not be negative");
      }
      return n.asBigDecimal();
    }
  }

  private static RegoValue decodeVerify(BuiltinContext cx, RegoValue[] a) {
    RegoObject object = Args.object(a[1], 2);
    Constraints constraints = Constraints.of(cx, object);
    String text = Args.string(a[0], 1);
    for (int depth = 0; ; depth = nested(depth)) {
      JwtToken token = JwtToken.parse(text);
      String alg = token.parameter("alg");
      boolean acceptable =
          !alg.isEmpty()
              && understandsCritical(token)
              && (constraints.alg.isEmpty() || constraints.alg.equals(alg));
      if (!acceptable || !anyVerifies(constraints.keys, token, alg)) {
        return UNVERIFIED;
      }
      if (!token.parameter("cty").equalsIgnoreCase("JWT")) {
        RegoObject claims = token.claims();
        return claimsHold(claims, constraints)
            ? RegoArray.of(RegoBoolean.TRUE, token.header(), claims)
            : UNVERIFIED;
      }
      text = unquoted(token.payload());
    }
  }

  /// A token that marks a parameter as critical must not be accepted by who does not understand it.
  private static boolean understandsCritical(JwtToken token) {
    RegoValue crit = token.header().get("crit");
    if (crit == null) {
      return true;
    }
    if (!(crit instanceof RegoArray names)) {
      throw Args.error("crit: must be a list");
    }
    Set<String> critical = new HashSet<>(Args.strings(names, 1));
    if (critical.isEmpty()) {
      throw Args.error("crit: must be a nonempty list");
    }
    return UNDERSTOOD.containsAll(critical);
  }

  private static boolean claimsHold(RegoObject claims, Constraints constraints) {
    if (!constraints.iss.isEmpty()
        && !(claims.get("iss") instanceof RegoString iss && iss.value().equals(constraints.iss))) {
      return false;
    }
    RegoValue aud = claims.get("aud");
    boolean audienceHolds =
        aud == null ? constraints.aud.isEmpty() : isAudience(aud, constraints.aud);
    if (!audienceHolds) {
      return false;
    }
    BigDecimal expiry = seconds(claims.get("exp"), "exp");
    BigDecimal start = seconds(claims.get("nbf"), "nbf");
    return (expiry == null || constraints.seconds.compareTo(expiry) < 0)
        && (start == null || constraints.seconds.compareTo(start) >= 0);
  }

  private static boolean isAudience(RegoValue aud, String wanted) {
    return switch (aud) {
      case RegoString s -> s.value().equals(wanted);
      case RegoArray list -> list.contains(RegoString.of(wanted));
      default -> false;
    };
  }

  private static @Nullable BigDecimal seconds(@Nullable RegoValue claim, String name) {
    return switch (claim) {
      case null -> null;
      case RegoNumber n -> n.asBigDecimal();
      default -> throw Args.error(name + " value must be a number");
    };
  }
}
