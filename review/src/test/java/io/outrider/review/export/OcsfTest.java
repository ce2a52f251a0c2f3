package io.outrider.review.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.review.GeneratedLog;
import io.outrider.review.index.LogIndex;
import io.outrider.review.index.Page;
import io.outrider.review.index.Progress;
import io.outrider.review.index.Row;
import io.outrider.review.log.Digests;
import io.outrider.review.query.Query;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Holds events to what OCSF 1.8.0 requires of API Activity and of the objects in it.
class OcsfTest {
  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "",
          List.of(
              "activity_id",
              "category_uid",
              "class_uid",
              "metadata",
              "severity_id",
              "time",
              "type_uid"),
          "metadata",
          List.of("product", "version"),
          "actor/user",
          List.of("name"),
          "api",
          List.of("operation"),
          "api/request",
          List.of("uid"),
          "trace",
          List.of("uid"),
          "trace/span",
          List.of("uid", "start_time", "end_time"),
          "raw_data_hash",
          List.of("algorithm_id", "value"));

  /// Attributes that the class, its profiles and the base event have; anything else would be
  /// rejected by a strict reader.
  private static final Set<String> KNOWN =
      Set.of(
          "class_uid class_name category_uid category_name activity_id activity_name type_uid time severity_id severity status_id status status_code status_detail metadata actor api src_endpoint dst_endpoint resources action_id action disposition_id disposition is_alert policy authorizations message_context trace unmapped duration start_time end_time raw_data raw_data_size raw_data_hash message"
              .split(" "));

  @TempDir private static Path folder;

  private static List<Row> rows;

  @BeforeAll
  static void everyKindOfRow() throws Exception {
    new GeneratedLog(7).append(folder, 3_000);
    try (LogIndex index = LogIndex.open(folder)) {
      index.refresh(Progress.NONE);
      rows = index.search(Query.ALL, null, Page.Order.OLDEST, 5_000).rows();
    }
  }

  private static JsonNode event(Row row) {
    JsonMapper json = JsonMapper.shared();
    return json.readTree(json.writeValueAsString(new Ocsf("log.example", "1.2.3").event(row)));
  }

  @Test
  void everyEventHasWhatTheSchemaRequires() {
    for (Row row : rows) {
      JsonNode event = event(row);
      REQUIRED.forEach((object, names) -> {
        JsonNode at = object.isEmpty() ? event : event.at("/" + object);
        if (!at.isMissingNode()) {
          names.forEach(name -> assertThat(at.has(name)).as(object + "." + name).isTrue());
        }
      });
      assertThat(KNOWN).containsAll(event.propertyNames());
      assertThat(event.get("type_uid").asLong())
          .isEqualTo(event.get("class_uid").asLong() * 100 + event.get("activity_id").asLong());
      if (event.get("class_uid").asInt() == Ocsf.API_ACTIVITY) {
        assertThat(event.has("actor") && event.has("api") && event.has("src_endpoint")).isTrue();
        assertThat(event.at("/message_context/service/name").isMissingNode()).isFalse();
      }
    }
  }

  @Test
  void allKindsOfRowsWereSeen() {
    assertThat(rows.stream().map(Row::kind)).contains("intent", "refusal", "event");
    assertThat(rows.stream().map(Row::outcome))
        .contains("completed", "failed.internal", "refused.denied", "refused.over_limit");
  }

  @Test
  void dispositionsSayWhatThePolicyDid() throws Exception {
    assertThat(first("verdict:deny")).containsExactly(2, 2, 2);
    assertThat(first("outcome:refused.over_limit verdict:none")).containsExactly(2, 25, 2);
    assertThat(first("verdict:shadow_deny")).element(0).isEqualTo(3);
    assertThat(first("verdict:allow redactions:>0")).containsSubsequence(4, 11);
    assertThat(first("verdict:allow outcome:completed -redactions:>0")).containsExactly(1, 1, 1);
  }

  /// Action, disposition and status of the first row that fits.
  private static List<Integer> first(String query) throws Exception {
    try (LogIndex index = LogIndex.open(folder)) {
      index.refresh(Progress.NONE);
      JsonNode event =
          event(index.search(Query.parse(query, Instant.EPOCH), null, 1).rows().getFirst());
      return List.of(
          event.get("action_id").asInt(),
          event.get("disposition_id").asInt(),
          event.get("status_id").asInt());
    }
  }

  @Test
  void theRecordTravelsAlongWithItsHash() {
    Row row = rows.get(10);
    JsonNode event = event(row);
    assertThat(event.get("raw_data").asString()).isEqualTo(row.entry().leaf().json());
    assertThat(event.at("/raw_data_hash/value").asString())
        .isEqualTo(
            Digests.sha256(event.get("raw_data").asString().getBytes(StandardCharsets.UTF_8)));
    assertThat(event.at("/metadata/uid").asString()).isEqualTo("log.example#" + row.index());
    assertThat(event.at("/metadata/version").asString()).isEqualTo("1.8.0");
  }
}
