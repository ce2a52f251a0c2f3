package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import java.nio.charset.StandardCharsets;

/// A signed token in compact form, split and with its header read (RFC 7515, RFC 7519).
///
/// @param signed what the signature covers: header and payload as they stand, with the dot
record JwtToken(RegoObject header, String signed, String payloadText, String signatureText) {
  /// Tokens in tokens are followed no deeper.
  static final int MAX_NESTING = 8;

  static JwtToken parse(String text) {
    String[] parts = sections(text);
    String json = text(parts[0], "JWT header had invalid encoding: ");
    RegoObject header = object(json, "bad JWT header: ");
    if (header.get("enc") != null) {
      throw Args.error("JWT is a JWE object, which is not supported");
    }
    return new JwtToken(header, parts[0] + "." + parts[1], parts[1], parts[2]);
  }

  static String[] sections(String text) {
    if (text.indexOf('.') < 0) {
      throw Args.error("encoded JWT had no period separators");
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      throw Args.error("encoded JWT must have 3 sections, found " + parts.length);
    }
    return parts;
  }

  private static String text(String part, String problem) {
    try {
      return new String(Encodings.base64Url(part), StandardCharsets.UTF_8);
    } catch (BuiltinException e) {
      throw Args.error(problem + e.getMessage());
    }
  }

  private static RegoObject object(String json, String problem) {
    try {
      if (RegoJson.read(json) instanceof RegoObject object) {
        return object;
      }
    } catch (RegoJsonException e) {
      throw Args.error(problem + "invalid JSON: " + e.getMessage());
    }
    throw Args.error(problem + "decoded JSON type was not an Object");
  }

  /// The payload as text; of a nested token this is a token again.
  String payload() {
    return text(payloadText, "JWT payload had invalid encoding: ");
  }

  RegoObject claims() {
    return object(payload(), "");
  }

  byte[] signature() {
    try {
      return Encodings.base64Url(signatureText);
    } catch (BuiltinException e) {
      throw Args.error("JWT signature had invalid encoding: " + e.getMessage());
    }
  }

  /// A header parameter that must be text where it is present; empty where it is absent.
  String parameter(String name) {
    return switch (header.get(name)) {
      case null -> "";
      case RegoString s -> s.value();
      default -> throw Args.error(name + ": must be a string");
    };
  }
}
