package io.outrider.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is wrong with a configuration, its problems show no credential that stands in it, is
/// referred to, or stands in the wrong place.
class ConfigSecretsTest {
  /// Without any shape: only where it stands makes it a secret.
  private static final String OPAQUE = "canary-5f3e9a7c1b2d4e6f8a0b";

  private static final String TOKEN = "ghp_" + "x7Kd92LmQpZrT4vWbN8sYcHf3JgAeU1iOt6R";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Referred to.
        "upstreams: { a: { url: \"ftp://u:${env:OPAQUE}@h/\" } }",
        "upstreams: { a: { url: \"${env:OPAQUE}\" } }",
        "upstreams: { a: { url: \"http://h/ ${file:opaque}\" } }",
        "upstreams: { a: { url: \"http:///${file:opaque}\" } }",
        "upstreams: { a: { path: \"${env:OPAQUE}\", url: \"http://h/\" } }",
        "upstreams: { a: { era: \"${env:OPAQUE}\", url: \"http://h/\" } }",
        "upstreams: { a: { url: \"http://h/\", headers: { X-Api-Key: \"${env:LINES}\" } } }",
        "upstreams: { a: { stdio: { command: [\"\", \"${env:OPAQUE}\"] } } }",
        "listen: { address: \"${env:OPAQUE}\" }",
        "listen: { allowed_origins: \"${env:OPAQUE}\" }",
        "limits: { rate: { per_principal: \"${file:opaque}\" } }",
        "identity: { api_keys: [{ id: a, sha256: \"${env:OPAQUE}\" }] }",
        "identity: { api_keys: [{ id: \"${env:OPAQUE}\", sha256: x }] }",
        "admin: { console: { tokens: [{ id: a, sha256: \"${env:OPAQUE}\" }] } }",
        "audit: { export: { s: { http: { url: \"ftp://${env:OPAQUE}@h/\" } } } }",
        "audit: { export: { s: { s3: { bucket: b, access_key: \"${env:OPAQUE}\" } } } }",
        "audit: { export: { s: { syslog: { address: \"${env:OPAQUE}\" } } } }",
        // Written where it should have been referred to.
        "upstreams: { a: { url: \"http://h/\", headers: { Authorization: OPAQUE! } } }",
        "upstreams: { a: { url: \"http://h/\", headers: \"Authorization: Bearer OPAQUE!\" } }",
        "upstreams: { a: { url: \"http://h/\", headers: [\"Authorization: OPAQUE!\"] } }",
        "upstreams: { a: { stdio: { command: [x], env: \"TOKEN=OPAQUE!\" } } }",
        "upstreams: { a: { stdio: { command: [x], env: { API_KEY: OPAQUE! } } } }",
        "audit: { export: { s: { s3: { bucket: b, secret_key: OPAQUE! } } } }",
        "audit: { export: { s: { kafka: { servers: h:1, topic: t, properties: { sasl.jaas.config: OPAQUE! } } } } }",
        // Anywhere.
        "upstreams: { a: { url: \"http://h/\", token: TOKEN! } }",
        "upstreams: { a: { url: \"TOKEN!\" } }",
        "upstreams: { a: { url: \"ftp://user:TOKEN!@h/\" } }",
        "identity: { api_keys: [TOKEN!] }",
        "identity: { api_keys: TOKEN! }",
        "identity: { api_keys: [{ id: a, sha256: TOKEN! }] }",
        "sizes: { max_body: TOKEN! }",
        "TOKEN!",
        "- TOKEN!",
        "a: b: TOKEN!",
        "listen: { address: \"TOKEN!"
      })
  void noProblemShowsACredential(String yaml) throws Exception {
    Path file = folder.resolve("outrider.yaml");
    Files.writeString(file, yaml.replace("OPAQUE!", OPAQUE).replace("TOKEN!", TOKEN) + "\n");
    Files.writeString(folder.resolve("opaque"), OPAQUE + "\n");

    assertThatThrownBy(() ->
            ConfigFile.read(
                file, Map.of("OPAQUE", OPAQUE, "LINES", OPAQUE + "\nX-More: " + OPAQUE)))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> {
              assertThat(e.problems()).isNotEmpty();
              assertThat(e.problems().toString() + e.getMessage() + e.getCause())
                  .doesNotContain(OPAQUE.substring(7), TOKEN.substring(4));
            });
  }
}
