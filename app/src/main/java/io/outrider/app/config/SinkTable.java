package io.outrider.app.config;

import static io.outrider.app.config.Scalars.BYTES;
import static io.outrider.app.config.Scalars.HOST_PORT;
import static io.outrider.app.config.Scalars.PATH;
import static io.outrider.app.config.Scalars.SWITCH;
import static io.outrider.app.config.Scalars.TEXT;
import static io.outrider.app.config.Scalars.TIME;
import static io.outrider.app.config.Scalars.URL;
import static io.outrider.app.config.Scalars.number;
import static io.outrider.app.config.Scalars.oneOf;

import io.outrider.app.config.Shape.Credential;
import io.outrider.app.config.Shape.CredentialKind;
import io.outrider.app.config.Shape.Credentials;
import io.outrider.app.config.Shape.Group;
import io.outrider.app.config.Shape.Listing;
import io.outrider.settings.Secret;
import io.outrider.settings.SinkSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys of one receiver under `audit.export`.
final class SinkTable {
  // file
  static final Key<Path> FILE_PATH =
      Key.optional("path", PATH, "required", "The file; its folder is made when missing.");
  static final Key<Integer> FILE_ROTATE =
      Key.of(
          "rotate",
          BYTES,
          SinkSettings.File.DEFAULT_ROTATE,
          "256MiB",
          "Size from which the file is renamed to `PATH.before-INDEX` and another begun. None is ever removed.");
  static final Key<Section> FILE =
      Key.group("file", "Lines of JSON in a file.", FILE_PATH, FILE_ROTATE);

  // http and otlp
  static final Key<URI> URL_KEY = Key.optional("url", URL, "required", "Where batches are POSTed.");
  static final Key<URI> OTLP_URL =
      Key.optional(
          "url",
          URL,
          "required",
          "The whole URL, for most collectors `http://HOST:4318/v1/logs`. What is sent is protobuf.");
  static final Key<Map<String, Secret>> HEADERS =
      Key.of(
          "headers",
          new Credentials(CredentialKind.HEADER),
          Map.of(),
          "none",
          "Sent with every request. `Authorization` and the like take their value by reference only.");
  static final Key<SinkSettings.Compression> COMPRESSION =
      Key.of(
          "compression",
          oneOf(SinkSettings.Compression.class),
          SinkSettings.Compression.NONE,
          "none",
          "`gzip` sends bodies with `Content-Encoding: gzip`.");
  static final Key<Path> CA =
      Key.optional("ca", PATH, "the JDK's", "PEM file with the authorities to trust for TLS.");
  static final Key<Duration> TIMEOUT =
      Key.of(
          "timeout",
          TIME,
          SinkSettings.Endpoint.DEFAULT_TIMEOUT,
          "30s",
          "Of one request; then it is tried again.");
  static final Key<Integer> BATCH =
      Key.of(
          "batch",
          number(1, 10_000),
          SinkSettings.Http.DEFAULT_BATCH,
          "500",
          "Most records in one request; it has at most 1 MiB besides, or a single record.");
  static final Key<SinkSettings.Http.Format> FORMAT =
      Key.of(
          "format",
          oneOf(SinkSettings.Http.Format.class),
          SinkSettings.Http.Format.JSONL,
          "jsonl",
          "`jsonl`: one record a line. `cloudevents`: a CloudEvents 1.0 batch.");
  static final Key<Section> HTTP =
      Key.group(
          "http",
          "HTTP POST; any 2xx means delivered.",
          URL_KEY,
          HEADERS,
          FORMAT,
          COMPRESSION,
          CA,
          TIMEOUT,
          BATCH);
  static final Key<Section> OTLP =
      Key.group(
          "otlp",
          "OpenTelemetry logs over HTTP.",
          OTLP_URL,
          HEADERS,
          COMPRESSION,
          CA,
          TIMEOUT,
          BATCH);

  // syslog
  static final Key<Address> ADDRESS =
      Key.optional(
          "address", HOST_PORT, "required", "Where the receiver listens; 6514 is usual for TLS.");
  static final Key<Transport> TRANSPORT =
      Key.of(
          "transport",
          oneOf(Transport.class),
          Transport.TLS,
          "tls",
          "`tls` (RFC 5425) or `tcp` (RFC 6587, octet counting). UDP is not offered: it loses messages without a word.");
  static final Key<Path> CERT =
      Key.optional("cert", PATH, "none", "PEM file with the certificate to show, leaf first.");
  static final Key<Path> KEY =
      Key.optional("key", PATH, "none", "PEM file with its PKCS#8 private key.");
  static final Key<Integer> FACILITY =
      Key.of(
          "facility",
          number(0, 23),
          SinkSettings.Syslog.DEFAULT_FACILITY,
          "13",
          "Facility of RFC 5424; 13 is \"log audit\".");
  static final Key<String> HOSTNAME =
      Key.optional("hostname", TEXT, "the machine's", "HOSTNAME of the messages.");
  static final Key<Section> SYSLOG =
      Key.group(
          "syslog", "Messages of RFC 5424.", ADDRESS, TRANSPORT, CA, CERT, KEY, FACILITY, HOSTNAME);

  // kafka
  static final Key<List<Address>> SERVERS =
      Key.optional(
          "servers", Listing.of(HOST_PORT), "required", "Brokers to begin with, each HOST:PORT.");
  static final Key<String> TOPIC =
      Key.optional("topic", TEXT, "required", "The topic; it is not made by Outrider.");
  static final Key<Map<String, Secret>> PROPERTIES =
      Key.of(
          "properties",
          new Credentials(CredentialKind.PROPERTY),
          Map.of(),
          "none",
          "Further properties of Kafka's producer, such as `security.protocol` and `sasl.jaas.config`. Those with a credential take their value by reference only.");
  static final Key<Section> KAFKA =
      Key.group(
          "kafka",
          "A topic of Kafka: acknowledged by all in-sync replicas, in order, the log's origin as key.",
          SERVERS,
          TOPIC,
          COMPRESSION,
          PROPERTIES);

  // s3
  static final Key<String> BUCKET =
      Key.optional("bucket", TEXT, "required", "The bucket; it is not made by Outrider.");
  static final Key<String> PREFIX =
      Key.of(
          "prefix",
          TEXT,
          "",
          "none",
          "Before every object's name, ending with `/`. One log, one prefix.");
  static final Key<String> REGION =
      Key.optional("region", TEXT, "what the environment says", "Region of the bucket.");
  static final Key<URI> ENDPOINT = Key.optional("endpoint", URL, "AWS", "An S3 of another maker.");
  static final Key<Boolean> PATH_STYLE =
      Key.of(
          "path_style",
          SWITCH,
          false,
          "false",
          "true: the bucket stands in the path instead of the host name.");
  static final Key<Secret> ACCESS_KEY =
      Key.optional(
          "access_key",
          new Credential(),
          "what the environment, a profile or the machine's role says",
          "Id of an access key.");
  static final Key<Secret> SECRET_KEY =
      Key.optional("secret_key", new Credential(), "the same", "Its secret.");
  static final Key<SinkSettings.S3.Lock.Mode> LOCK_MODE =
      Key.optional(
          "mode",
          oneOf(SinkSettings.S3.Lock.Mode.class),
          "required",
          "`compliance`: nobody may delete an object until then. `governance`: only who has the special right.");
  static final Key<Duration> LOCK_RETAIN =
      Key.optional("retain", TIME, "required", "How long, from when it is put; such as `365d`.");
  static final Key<Section> OBJECT_LOCK =
      Key.group(
          "object_lock",
          "S3 Object Lock of each object; the bucket must have it switched on.",
          LOCK_MODE,
          LOCK_RETAIN);
  static final Key<Duration> INTERVAL =
      Key.of(
          "interval",
          TIME,
          SinkSettings.S3.DEFAULT_INTERVAL,
          "1m",
          "Between two checkpoints in the bucket. Each leaves a few partial tiles there.");
  static final Key<Section> S3 =
      Key.group(
          "s3",
          "A bucket that mirrors the log and can be verified like it.",
          BUCKET,
          PREFIX,
          REGION,
          ENDPOINT,
          PATH_STYLE,
          ACCESS_KEY,
          SECRET_KEY,
          OBJECT_LOCK,
          INTERVAL);

  static final Key<SinkSettings.OnRefusal> ON_REFUSAL =
      Key.of(
          "on_refusal",
          oneOf(SinkSettings.OnRefusal.class),
          SinkSettings.OnRefusal.WAIT,
          "wait",
          "When the receiver will not take a record however often it is sent: `wait` stops before it until a person has looked; `set-aside` puts it into `export/NAME.refused.jsonl`, raises an alarm and goes on.");

  /// The kinds; exactly one stands.
  static final List<Key<Section>> KINDS = List.of(FILE, SYSLOG, HTTP, OTLP, KAFKA, S3);

  static final Group SINK = new Group(List.of(FILE, SYSLOG, HTTP, OTLP, KAFKA, S3, ON_REFUSAL));

  private SinkTable() {}

  /// What syslog messages travel in.
  enum Transport {
    TLS,
    TCP
  }
}
