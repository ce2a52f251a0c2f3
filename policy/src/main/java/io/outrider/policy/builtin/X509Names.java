package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Distinguished names in the form that Go's `crypto/x509/pkix` gives them in JSON.
final class X509Names {
  /// The attributes that have a member of their own, by the last number of 2.5.4.x.
  private static final Map<Long, String> LISTS =
      Map.of(
          6L, "Country",
          10L, "Organization",
          11L, "OrganizationalUnit",
          7L, "Locality",
          8L, "Province",
          9L, "StreetAddress",
          17L, "PostalCode");

  private X509Names() {}

  static RegoObject name(Der der) {
    Map<String, List<RegoValue>> lists = new LinkedHashMap<>();
    String commonName = "";
    String serialNumber = "";
    RegoArray.Builder names = RegoArray.builder();
    for (Der set : der.expect(Der.SEQUENCE).children()) {
      for (Der attribute : set.expect(Der.SET).children()) {
        List<Der> parts = attribute.expect(Der.SEQUENCE).children();
        if (parts.size() < 2) {
          throw Args.error("x509: invalid RDNSequence: invalid attribute value");
        }
        List<Long> type = parts.get(0).expect(Der.OID).oid();
        String value = string(parts.get(1));
        names.add(RegoObject.builder().put("Type", numbers(type)).put("Value", value).build());
        if (type.size() == 4 && type.subList(0, 3).equals(List.of(2L, 5L, 4L))) {
          long last = type.get(3);
          if (last == 3) {
            commonName = value;
          } else if (last == 5) {
            serialNumber = value;
          } else if (LISTS.containsKey(last)) {
            lists
                .computeIfAbsent(LISTS.get(last), n -> new ArrayList<>())
                .add(RegoString.of(value));
          }
        }
      }
    }
    RegoArray all = names.build();
    RegoObject.Builder name =
        RegoObject.builder()
            .put("CommonName", commonName)
            .put("SerialNumber", serialNumber)
            .put("ExtraNames", RegoNull.NULL)
            .put("Names", all.isEmpty() ? RegoNull.NULL : all);
    LISTS
        .values()
        .forEach(member -> {
          List<RegoValue> values = lists.get(member);
          name.put(member, values == null ? RegoNull.NULL : RegoArray.of(values));
        });
    return name.build();
  }

  static RegoArray numbers(List<Long> numbers) {
    return RegoArray.of(numbers.stream().map(RegoNumber::of).toList());
  }

  /// The text of an ASN.1 string of any of the kinds that names use.
  static String string(Der der) {
    byte[] bytes = der.content();
    return switch (der.tag()) {
      case 0x1e -> new String(bytes, StandardCharsets.UTF_16BE); // BMPString
      case 0x14 -> new String(bytes, StandardCharsets.ISO_8859_1); // T61String
      case 0x0c, 0x12, 0x13, 0x16 -> new String(bytes, StandardCharsets.UTF_8);
      default ->
          throw Args.error(
              "x509: invalid RDNSequence: invalid attribute value: unsupported string type: "
                  + der.tag());
    };
  }

  static RegoString base64(byte[] bytes) {
    return RegoString.of(Base64.getEncoder().encodeToString(bytes));
  }
}
