package io.outrider.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One receiver the audit log is sent on to.
///
/// @param name names its cursor and its metrics
/// @param target what it is
/// @param onRefusal what becomes of a record it will not take
public record SinkSettings(String name, Target target, OnRefusal onRefusal) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  public SinkSettings {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name: '%s' (expected: up to 64 of a-z, 0-9, _ and -, with a letter or digit first)"
              .formatted(name));
    }
  }

  /// What becomes of a record the receiver will not take.
  public enum OnRefusal {
    /// The sink stops before it and tries again, until a person has looked.
    WAIT,
    /// The record goes into a file beside the cursor, an alarm is raised, and the sink goes on.
    SET_ASIDE
  }

  /// A kind of receiver.
  public sealed interface Target {}

  /// Lines in a file.
  ///
  /// @param path the file; its folder is made when missing
  /// @param rotate size in bytes from which it is put aside and another begun
  public record File(Path path, int rotate) implements Target {
    /// Small enough to be read in an editor, large enough for a day of a small team.
    public static final int DEFAULT_ROTATE = 256 << 20;

    public File {
      Checks.positive("rotate", rotate);
    }
  }

  /// Where something is POSTed, and how.
  ///
  /// @param url absolute `http` or `https` URL without user info or fragment
  /// @param headers sent with every request, names as written; values are credentials
  /// @param ca PEM file with the authorities to trust for https, or null for the JDK's
  /// @param timeout of one request
  public record Endpoint(
      URI url,
      Map<String, Secret> headers,
      Compression compression,
      @Nullable Path ca,
      Duration timeout) {
    /// Longer than a receiver that works needs for a batch; short enough that one which hangs is
    /// noticed.
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    public Endpoint {
      Checks.webUrl("url", url);
      Checks.positive("timeout", timeout);
      headers = Map.copyOf(headers);
    }
  }

  /// How what is sent is made smaller.
  public enum Compression {
    NONE,
    GZIP
  }

  /// HTTP POST of batches; any 2xx means delivered.
  ///
  /// @param batch most records in one request
  public record Http(Endpoint endpoint, Format format, int batch) implements Target {
    /// What a collector takes without a word; a request has at most 1 MiB anyway.
    public static final int DEFAULT_BATCH = 500;

    public Http {
      Checks.positive("batch", batch);
    }

    /// What a body looks like.
    public enum Format {
      /// One record a line.
      JSONL,
      /// A CloudEvents batch.
      CLOUDEVENTS
    }
  }

  /// OpenTelemetry logs over HTTP, protobuf.
  ///
  /// @param batch most records in one request
  public record Otlp(Endpoint endpoint, int batch) implements Target {
    public Otlp {
      Checks.positive("batch", batch);
    }
  }

  /// Syslog messages (RFC 5424) over a connection, each behind its length.
  ///
  /// @param tls whom to trust and what to show, or null for plain TCP
  /// @param facility 0 to 23
  /// @param host this machine's name in the messages, or null to ask the machine
  public record Syslog(
      String address, int port, @Nullable Tls tls, int facility, @Nullable String host)
      implements Target {
    /// "log audit" of RFC 5424.
    public static final int DEFAULT_FACILITY = 13;

    public Syslog {
      Checks.notBlank("address", address);
      Checks.port("address", port);
      if (facility < 0 || facility > 23) {
        throw new IllegalArgumentException("facility: " + facility + " (expected: 0 to 23)");
      }
    }
  }

  /// TLS towards a receiver: PEM files.
  ///
  /// @param ca authorities to trust, or null for the JDK's
  /// @param cert certificate chain to show, leaf first, or null for none
  /// @param key its PKCS#8 key
  public record Tls(@Nullable Path ca, @Nullable Path cert, @Nullable Path key) {
    public Tls {
      if ((cert == null) != (key == null)) {
        throw new IllegalArgumentException(
            "cert: %s (expected: cert and key, or neither)"
                .formatted(cert == null ? "missing beside key" : "without a key"));
      }
    }
  }

  /// A Kafka topic; acknowledged by all in-sync replicas, in order.
  ///
  /// @param servers `host:port` of brokers to begin with
  /// @param properties of the client, such as those of TLS and SASL; values are credentials
  public record Kafka(
      List<String> servers, String topic, Compression compression, Map<String, Secret> properties)
      implements Target {
    public Kafka {
      servers = List.copyOf(servers);
      properties = Map.copyOf(properties);
      Checks.notBlank("topic", topic);
      if (servers.isEmpty()) {
        throw new IllegalArgumentException("servers: none (expected: at least one broker)");
      }
    }
  }

  /// A bucket that mirrors the public files of the log under their own names.
  ///
  /// @param prefix before every object's name; empty, or ending with `/`
  /// @param region null: what the environment says
  /// @param endpoint of an S3 of another maker; null for AWS
  /// @param pathStyle whether the bucket stands in the path instead of the host name
  /// @param keys null: what the environment, a profile or the machine's role says
  /// @param lock retention of each object; null for none
  /// @param interval between two checkpoints in the bucket
  public record S3(
      String bucket,
      String prefix,
      @Nullable String region,
      @Nullable URI endpoint,
      boolean pathStyle,
      @Nullable Keys keys,
      @Nullable Lock lock,
      Duration interval)
      implements Target {
    /// Each checkpoint costs a handful of requests, and objects that a lock keeps; nobody's
    /// evidence gets better by the second.
    public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);

    public S3 {
      Checks.notBlank("bucket", bucket);
      Checks.positive("interval", interval);
      if (!prefix.isEmpty() && !prefix.endsWith("/")) {
        throw new IllegalArgumentException("prefix: '" + prefix + "' (expected: ending with /)");
      }
      if (endpoint != null) {
        Checks.webUrl("endpoint", endpoint);
      }
    }

    /// An access key.
    public record Keys(Secret id, Secret secret) {}

    /// S3 Object Lock.
    public record Lock(Mode mode, Duration retain) {
      public Lock {
        Checks.positive("object_lock.retain", retain);
      }

      /// Who may lift it.
      public enum Mode {
        /// Whoever has a special right.
        GOVERNANCE,
        /// Nobody.
        COMPLIANCE
      }
    }
  }
}
