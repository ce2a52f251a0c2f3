package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Consumer;

/// base64, hex, JSON and YAML. A Rego string is text here: bytes that are no UTF-8 decode to
/// U+FFFD, where OPA would carry them on as they are.
final class Encodings {
  private Encodings() {}

  static void register(Registry r) {
    r.one("base64.encode", a -> text(Base64.getEncoder().encode(utf8(a))));
    r.one("base64.decode", a -> text(Base64Text.STANDARD.decode(Args.string(a, 1))));
    r.one("base64.is_valid", a -> isValid(a, Base64Text.STANDARD::decode));
    r.one("base64url.encode", a -> text(Base64.getUrlEncoder().encode(utf8(a))));
    r.one(
        "base64url.encode_no_pad",
        a -> text(Base64.getUrlEncoder().withoutPadding().encode(utf8(a))));
    r.one("base64url.decode", a -> text(base64Url(Args.string(a, 1))));
    r.one("hex.encode", a -> RegoString.of(HexFormat.of().formatHex(utf8(a))));
    r.one("hex.decode", a -> text(hex(Args.string(a, 1))));
    r.one("json.marshal", a -> RegoString.of(RegoJson.marshal(a)));
    r.two("json.marshal_with_options", Encodings::marshalWithOptions);
    r.one("json.unmarshal", a -> unmarshal(Args.string(a, 1)));
    r.one("json.is_valid", a -> isValid(a, Encodings::unmarshal));
    r.one("yaml.marshal", a -> RegoString.of(YamlWriter.write(a)));
    r.any("yaml.unmarshal", (cx, a) -> YamlReader.read(cx, Args.string(a[0], 1)));
    r.any("yaml.is_valid", (cx, a) -> isValid(a[0], text -> YamlReader.read(cx, text)));
  }

  private static byte[] utf8(RegoValue a) {
    return Args.string(a, 1).getBytes(StandardCharsets.UTF_8);
  }

  private static RegoString text(byte[] bytes) {
    return RegoString.of(new String(bytes, StandardCharsets.UTF_8));
  }

  private static RegoBoolean isValid(RegoValue a, Consumer<String> read) {
    if (!(a instanceof RegoString s)) {
      return RegoBoolean.FALSE;
    }
    try {
      read.accept(s.value());
      return RegoBoolean.TRUE;
    } catch (BuiltinException e) {
      return RegoBoolean.FALSE;
    }
  }

  /// base64url with or without its padding.
  static byte[] base64Url(String text) {
    String padded = text;
    if (!text.endsWith("=")) {
      switch (text.length() % 4) {
        case 0 -> {}
        case 2 -> padded = text + "==";
        case 3 -> padded = text + "=";
        default -> throw Args.error("illegal base64url string: " + text);
      }
    }
    return Base64Text.URL.decode(padded);
  }

  private static byte[] hex(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 0x7f) {
        throw Args.error("encoding/hex: invalid byte: " + GoQuote.codePoint(text.codePointAt(i)));
      }
    }
    if (text.length() % 2 != 0) {
      throw Args.error("encoding/hex: odd length hex string");
    }
    return HexFormat.of().parseHex(text);
  }

  private static RegoValue unmarshal(String text) {
    try {
      return RegoJson.read(text);
    } catch (RegoJsonException e) {
      throw Args.error(String.valueOf(e.getMessage()));
    }
  }

  private static RegoValue marshalWithOptions(RegoValue a, RegoValue options) {
    String indent = "\t";
    String prefix = "";
    boolean pretty = false;
    boolean prettyGiven = false;
    for (RegoObject.Entry option : Args.object(options, 2)) {
      String key =
          option.key() instanceof RegoString s ? s.value() : unknownOption(option.key().toString());
      switch (key) {
        case "prefix" -> prefix = optionText(key, option.value());
        case "indent" -> indent = optionText(key, option.value());
        case "pretty" -> {
          if (!(option.value() instanceof RegoBoolean b)) {
            throw Args.operand(2, "key pretty failed cast to bool");
          }
          pretty = b.value();
          prettyGiven = true;
        }
        default -> unknownOption(key);
      }
    }
    if (!prettyGiven) {
      pretty = !((RegoObject) options).isEmpty();
    }
    return RegoString.of(
        pretty ? prefix + RegoJson.marshalIndented(a, prefix, indent) : RegoJson.marshal(a));
  }

  private static String unknownOption(String key) {
    throw Args.operand(2, "object contained unknown key " + GoQuote.string(key, false));
  }

  private static String optionText(String key, RegoValue value) {
    if (value instanceof RegoString s) {
      return s.value();
    }
    throw Args.operand(
        2, "key " + key + " failed cast to string: must be string but got " + value.typeName());
  }

  /// The strings of one value that may be a string, an array or a set.
  static Iterable<RegoValue> oneOrMore(RegoValue value) {
    return switch (value) {
      case RegoString s -> RegoArray.of(s);
      case RegoArray a -> a;
      case RegoSet s -> s;
      default -> throw Args.operand(1, "values must be string, array[string], or set[string]");
    };
  }
}
