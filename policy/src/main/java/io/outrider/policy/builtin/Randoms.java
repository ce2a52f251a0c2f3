package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Random numbers, UUIDs and `trace`. Within one evaluation, equal keys give equal values.
final class Randoms {
  /// 100 ns intervals from 1582-10-15, where version 1 UUIDs begin, to 1970.
  private static final long GREGORIAN_TO_UNIX = 122_192_928_000_000_000L;

  private Randoms() {}

  private record IntKey(String key, long bound) {}

  private record UuidKey(String key) {}

  static void register(Registry r) {
    r.any("rand.intn", Randoms::nextInt);
    r.any("uuid.rfc4122", Randoms::nextUuid);
    r.one("uuid.parse", a -> parse(Args.string(a, 1)));
    // Tracing is the evaluator's business; as a function it only succeeds.
    r.one(
        "trace",
        a -> {
          Args.string(a, 1);
          return RegoBoolean.TRUE;
        });
  }

  private static RegoValue nextInt(BuiltinContext cx, RegoValue[] a) {
    String key = Args.string(a[0], 1);
    long bound = Math.abs(Args.integer(a[1], 2));
    if (bound == 0) {
      return RegoNumber.ZERO;
    }
    return cx.remember(
        new IntKey(key, bound), k -> RegoNumber.of(cx.random().nextLong(Math.max(bound, 1))));
  }

  private static RegoValue nextUuid(BuiltinContext cx, RegoValue[] a) {
    String key = Args.string(a[0], 1);
    return cx.remember(
        new UuidKey(key),
        k -> {
          long high = cx.random().nextLong() & ~0xF000L | 0x4000L;
          long low = cx.random().nextLong() & ~(0xC0L << 56) | 0x80L << 56;
          return RegoString.of(new UUID(high, low).toString());
        });
  }

  private static @Nullable RegoValue parse(String text) {
    UUID uuid = read(text);
    if (uuid == null) {
      return null;
    }
    int version = (int) (uuid.getMostSignificantBits() >> 12) & 15;
    RegoObject.Builder fields = RegoObject.builder(8);
    fields.put("version", version);
    fields.put("variant", variant(uuid));
    if (version == 1 || version == 2) {
      fields.put("time", time(uuid));
      fields.put("nodeid", node(uuid));
      fields.put("macvariables", nodeKind(uuid));
      fields.put("clocksequence", (uuid.getLeastSignificantBits() >> 48) & 0x3FFF);
      if (version == 2) {
        fields.put("id", uuid.getMostSignificantBits() >>> 32);
        fields.put("domain", domain((int) (uuid.getLeastSignificantBits() >> 48) & 0xFF));
      }
    }
    return fields.build();
  }

  /// Reads the plain, the URN, the braced and the bare form.
  private static @Nullable UUID read(String text) {
    String body = text;
    if (text.length() == 45 && text.regionMatches(true, 0, "urn:uuid:", 0, 9)) {
      body = text.substring(9);
    } else if (text.length() == 38) {
      body = text.substring(1, 37);
    } else if (text.length() == 32) {
      body = text.replaceFirst("^(.{8})(.{4})(.{4})(.{4})(.{12})$", "$1-$2-$3-$4-$5");
    }
    return body.matches(
            "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
        ? UUID.fromString(body)
        : null;
  }

  private static String variant(UUID uuid) {
    int bits = (int) (uuid.getLeastSignificantBits() >>> 56);
    if ((bits & 0xC0) == 0x80) {
      return "RFC4122";
    }
    if ((bits & 0xE0) == 0xC0) {
      return "Microsoft";
    }
    return (bits & 0xE0) == 0xE0 ? "Future" : "Reserved";
  }

  private static long time(UUID uuid) {
    long high = uuid.getMostSignificantBits();
    long ticks = (high & 0xFFF) << 48 | (high >>> 16 & 0xFFFF) << 32 | high >>> 32;
    return (ticks - GREGORIAN_TO_UNIX) * 100;
  }

  private static String node(UUID uuid) {
    StringBuilder out = new StringBuilder();
    for (int shift = 40; shift >= 0; shift -= 8) {
      out.append("%02x".formatted(uuid.getLeastSignificantBits() >> shift & 0xFF));
      out.append(shift > 0 ? "-" : "");
    }
    return out.toString();
  }

  private static String nodeKind(UUID uuid) {
    int first = (int) (uuid.getLeastSignificantBits() >> 40) & 0xFF;
    return ((first & 2) != 0 ? "local:" : "global:") + ((first & 1) != 0 ? "multicast" : "unicast");
  }

  private static String domain(int domain) {
    return switch (domain) {
      case 0 -> "Person";
      case 1 -> "Group";
      case 2 -> "Org";
      default -> "Domain" + domain;
    };
  }
}
