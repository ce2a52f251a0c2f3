package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `providers.aws.sign_req`: a request with the headers of AWS Signature Version 4.
final class AwsSigning {
  private static final RegoSet REQUIRED =
      RegoSet.of(
          RegoString.of("aws_service"),
          RegoString.of("aws_access_key"),
          RegoString.of("aws_secret_access_key"),
          RegoString.of("aws_region"));

  /// Headers that what stands between may change, so they are not signed.
  private static final Set<String> UNSIGNED =
      Set.of("authorization", "user-agent", "x-amzn-trace-id");

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private AwsSigning() {}

  static void register(Registry r) {
    r.three("providers.aws.sign_req", AwsSigning::sign);
  }

  private static RegoValue sign(RegoValue a, RegoValue b, RegoValue c) {
    RegoObject request = Args.object(a, 1);
    RegoObject config = Args.object(b, 1);
    checkConfig(config);
    RegoNumber time = Args.number(c, 1);
    if (!time.isLong() || time.hasExponent()) {
      throw Args.operand(3, "could not convert time_ns value into a unix timestamp");
    }
    HttpRequests.checkKeys(request, 1);
    RegoObject headers = headers(request);
    checkTexts(request, 1, "invalid values for required request parameters(s): ", "url", "method");
    GoUrl url = GoUrl.parse(text(request, "url"));
    boolean unsigned = flag(config);
    Map<String, String> added = new TreeMap<>();
    Signer signer = new Signer(config, Instant.ofEpochSecond(0, time.asLong()));
    String authorization =
        signer.sign(text(request, "method"), url, headers, body(request), unsigned, added);
    RegoObject.Builder signed = RegoObject.builder();
    for (RegoObject.Entry header : headers) {
      signed.put(textOf(header.key()), textOf(header.value()));
    }
    signed.put("Authorization", authorization);
    added.forEach(signed::put);
    return request.with(RegoString.of("headers"), signed.build());
  }

  private static void checkConfig(RegoObject config) {
    RegoSet missing = REQUIRED.minus(config.keySet());
    if (!missing.isEmpty()) {
      throw Args.operand(2, "missing required AWS config parameters(s): " + missing);
    }
    checkTexts(
        config,
        2,
        "invalid values for required AWS config parameters(s): ",
        "aws_service",
        "aws_access_key",
        "aws_secret_access_key",
        "aws_region");
  }

  private static void checkTexts(RegoObject object, int position, String error, String... keys) {
    RegoSet.Builder invalid = RegoSet.builder();
    for (String key : keys) {
      if (!(object.get(key) instanceof RegoString)) {
        invalid.add(RegoString.of(key));
      }
    }
    if (invalid.size() > 0) {
      throw Args.operand(position, error + invalid.build());
    }
  }

  private static RegoObject headers(RegoObject request) {
    RegoValue headers = request.get("headers");
    return headers == null ? RegoObject.EMPTY : Args.object(headers, 0);
  }

  private static boolean flag(RegoObject config) {
    RegoValue value = config.get("disable_payload_signing");
    if (value == null) {
      return false;
    }
    if (value instanceof RegoBoolean b) {
      return b.value();
    }
    throw Args.operand(2, "invalid value for 'disable_payload_signing' in AWS config");
  }

  private static byte[] body(RegoObject request) {
    RegoValue raw = request.get("raw_body");
    RegoValue body = request.get("body");
    String text = raw != null ? textOf(raw) : body != null ? RegoJson.marshal(body) : "";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(RegoObject object, String key) {
    return textOf(object.get(key));
  }

  private static String textOf(@Nullable RegoValue value) {
    return value instanceof RegoString s ? s.value() : "";
  }

  private record Signer(RegoObject config, Instant time) {
    String sign(
        String method,
        GoUrl url,
        RegoObject headers,
        byte[] body,
        boolean unsigned,
        Map<String, String> added) {
      String service = text(config, "aws_service");
      String bodyHash = unsigned ? "UNSIGNED-PAYLOAD" : sha256(body);
      added.put("host", url.host());
      added.put("x-amz-date", MOMENT.format(time));
      if (service.equals("s3") || service.equals("glacier")) {
        added.put("x-amz-content-sha256", bodyHash);
      }
      String session = text(config, "aws_session_token");
      if (!session.isEmpty()) {
        added.put("x-amz-security-token", session);
      }
      Map<String, String> toSign = new TreeMap<>(RegoString::compareCodePoints);
      toSign.putAll(added);
      for (RegoObject.Entry header : headers) {
        String name = textOf(header.key()).toLowerCase(Locale.ROOT);
        if (!UNSIGNED.contains(name)) {
          toSign.put(name, textOf(header.value()));
        }
      }
      StringBuilder canonical = new StringBuilder(method);
      canonical.append('\n').append(url.escapedPath()).append('\n').append(url.rawQuery());
      canonical.append('\n');
      StringJoiner names = new StringJoiner(";");
      toSign.forEach((name, value) -> {
        canonical.append(name).append(':').append(value).append('\n');
        names.add(name);
      });
      canonical.append('\n').append(names).append('\n').append(bodyHash);
      String day = DAY.format(time);
      String scope = day + "/" + text(config, "aws_region") + "/" + service + "/aws4_request";
      String stringToSign =
          "AWS4-HMAC-SHA256\n"
              + MOMENT.format(time)
              + "\n"
              + scope
              + "\n"
              + sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
      byte[] key = mac(("AWS4" + text(config, "aws_secret_access_key")), day);
      key = mac(key, text(config, "aws_region"));
      key = mac(key, service);
      key = mac(key, "aws4_request");
      return "AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%s"
          .formatted(
              text(config, "aws_access_key"),
              scope,
              names,
              HexFormat.of().formatHex(mac(key, stringToSign)));
    }
  }

  private static byte[] mac(String key, String message) {
    return mac(key.getBytes(StandardCharsets.UTF_8), message);
  }

  private static byte[] mac(byte[] key, String message) {
    return Cryptos.mac("HmacSHA256", message.getBytes(StandardCharsets.UTF_8), key);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("missing from this JDK: SHA-256", e);
    }
  }
}
