package io.outrider.redaction;

import java.util.List;
import java.util.SplittableRandom;

/// What operators see all day: dumps of HTTP, logs of builds, histories of shells, settings of
/// daemons, dumps of databases, states of deployments; each with lines that hold a secret and lines
/// that look as if they did.
final class CorpusForms {
  private CorpusForms() {}

  static final List<CorpusText.Kind> KINDS =
      List.of(
          new CorpusText.Kind("http dump", CorpusText.Syntax.HTTP, CorpusForms::http),
          new CorpusText.Kind("build log", CorpusText.Syntax.BUILD, CorpusForms::build),
          new CorpusText.Kind("shell history", CorpusText.Syntax.HISTORY, CorpusForms::history),
          new CorpusText.Kind("daemon settings", CorpusText.Syntax.CONF, CorpusForms::conf),
          new CorpusText.Kind("database dump", CorpusText.Syntax.DUMP, CorpusForms::dump),
          new CorpusText.Kind("deployment state", CorpusText.Syntax.JSON, CorpusForms::state),
          new CorpusText.Kind("xml settings", CorpusText.Syntax.XML, CorpusForms::xml));

  private static String http(SplittableRandom r) {
    return pick(
        r,
        "< HTTP/1.1 200 OK",
        "< etag: W/\"{hex:32}\"",
        "< x-request-id: {uuid}",
        "< set-cookie: theme=dark; Path=/; HttpOnly",
        "> GET /v1/tokens/{digit:6}?page_token={b64urlmix:40}&limit=50 HTTP/1.1",
        "> user-agent: curl/8.5.0",
        "> authorization: Bearer <token>",
        "* TLSv1.3 (OUT), TLS handshake, Finished (20)",
        "* SSL certificate verify ok, public key {hex:64}",
        "< content-security-policy: script-src 'nonce-{b64mix:22}=='",
        "< www-authenticate: Basic realm=\"key service\"",
        "> x-csrf-token-name: csrf",
        "< traceparent: 00-{hex:32}-{hex:16}-01");
  }

  private static String build(SplittableRandom r) {
    return pick(
        r,
        "##[group]Run actions/checkout@v4",
        "  token: ***",
        "Cache restored from key: Linux-npm-{hex:64}",
        "Login Succeeded",
        "+ docker login -u ci --password-stdin registry.internal",
        "#12 sha256:{hex:64} 3.1MB / 3.1MB 0.4s done",
        "added 412 packages, secret scanning found 0 secrets",
        "npm notice shasum: {hex:40}",
        "npm notice integrity: sha512-{b64mix:12}[...]{b64mix:12}==",
        "Setting env: API_KEY (masked)",
        "Successfully built {hex:12}",
        "[INFO] Tests run: 42, Failures: 0 - in TokenStoreTest",
        "Uploading artifact key-service-{digit:4}.tgz ({digit:3} kB)");
  }

  private static String history(SplittableRandom r) {
    return pick(
        r,
        "  {digit:3}  git log --format=%H -1 {hex:40}",
        "  {digit:3}  kubectl get secret db-credentials -o yaml",
        "  {digit:3}  ssh-keygen -t ed25519 -f ~/.ssh/deploy_key",
        "  {digit:3}  export TOKEN=$(vault read -field=token secret/ci)",
        "  {digit:3}  psql -h db -U app -W app",
        "  {digit:3}  docker run --rm -e PASSWORD -p 8080:8080 acme/app:{digit:3}",
        "  {digit:3}  openssl x509 -in cert.pem -noout -fingerprint",
        "  {digit:3}  curl -u \"$USER:$PASS\" https://api.internal",
        "  {digit:3}  aws sts get-session-token --serial-number arn:aws:iam::{digit:12}:mfa/bob",
        "  {digit:3}  gpg --recv-keys {HEX:40}");
  }

  private static String conf(SplittableRandom r) {
    return pick(
        r,
        "# password for the replication user is in /etc/app/secret",
        "ssl_certificate_key /etc/nginx/tls/server.key;",
        "auth_basic_user_file /etc/nginx/.htpasswd;",
        "password_encryption = scram-sha-256",
        "max_token_age = 3600",
        "key_buffer_size = 16M",
        "token_file = /run/secrets/token",
        "secret_provider = vault",
        "session_cookie_name = app_session",
        "hash_key = {hex:8}",
        "fingerprint = {HEX:40}",
        "requirepass <password>",
        "login.timeout = 30");
  }

  private static String dump(SplittableRandom r) {
    return pick(
        r,
        "INSERT INTO orders (id, token_id, total) VALUES ({digit:4}, '{uuid}', 12.50);",
        "INSERT INTO files (id, sha256) VALUES ({digit:4}, '{hex:64}');",
        "CREATE TABLE users (id bigint, name text, password varchar(60) NOT NULL);",
        "  `api_key` varchar(64) DEFAULT NULL,",
        "  KEY `idx_token` (`token`),",
        "ALTER TABLE sessions ADD COLUMN secret_version int DEFAULT 1;",
        "-- Dump completed on 2026-11-20 10:00:00, checksum {hex:32}",
        "COPY public.access_policies (id, name, key_id) FROM stdin;",
        "{digit:3}\\tread-only\\t{uuid}");
  }

  private static String state(SplittableRandom r) {
    return pick(
        r,
        "{\"type\":\"aws_kms_key\",\"attributes\":{\"key_id\":\"{uuid}\",\"arn\":\"arn:aws:kms:eu-west-1:{digit:12}:key/{uuid}\"}}",
        "{\"type\":\"aws_secretsmanager_secret\",\"attributes\":{\"name\":\"prod/db\",\"rotation_enabled\":true}}",
        "{\"type\":\"null_resource\",\"attributes\":{\"triggers\":{\"hash\":\"{hex:64}\"}}}",
        "{\"Id\":\"{hex:64}\",\"Image\":\"sha256:{hex:64}\",\"Config\":{\"Env\":[\"PATH=/usr/bin\",\"TOKEN_FILE=/run/token\"]}}",
        "{\"kind\":\"ServiceAccount\",\"secrets\":[{\"name\":\"default-token-{lowalnum:5}\"}]}",
        "{\"type\":\"random_id\",\"attributes\":{\"b64_url\":\"{b64urlmix:11}\",\"hex\":\"{hex:16}\"}}",
        "{\"lineage\":\"{uuid}\",\"serial\":17,\"terraform_version\":\"1.9.0\"}");
  }

  private static String xml(SplittableRandom r) {
    return pick(
        r,
        "  <property name=\"passwordEncoder\" ref=\"bcrypt\"/>",
        "  <string name=\"password_hint\">At least 12 characters</string>",
        "  <add key=\"TokenLifetime\" value=\"3600\" />",
        "  <password>${env.REPO_PASSWORD}</password>",
        "  <publicKeyToken>{hex:16}</publicKeyToken>",
        "  <key>CFBundleIdentifier</key>\n  <string>test.acme.app</string>",
        "  <checksum type=\"sha256\">{hex:64}</checksum>",
        "  <param name=\"secretName\">db-credentials</param>",
        "  <id>{uuid}</id>");
  }

  /// Lines with a secret, in the manner of a kind of text of this class.
  static String secret(CorpusText.Syntax syntax, SplittableRandom r) {
    return switch (syntax) {
      case HTTP ->
          pick(
              r,
              "> authorization: Basic «{basic}»",
              "> Authorization: Token «{hex:40}»",
              "> x-api-key: «{alnum:40}»",
              "< set-cookie: JSESSIONID=«{HEX:32}»; Path=/; HttpOnly",
              "> cookie: theme=dark; session=«{b64urlmix:44}»",
              "{\"access_token\":\"«{b64urlmix:60}»\",\"token_type\":\"Bearer\"}",
              "username=app&password=«{alnum:14}»&grant_type=password",
              "> GET /cb?code=ok&client_secret=«{alnum:32}» HTTP/1.1");
      case BUILD ->
          pick(
              r,
              "+ docker login -u ci -p «{password:14}» registry.internal",
              "Setting env: DEPLOY_TOKEN=«{alnum:40}»",
              "+ mvn deploy -Drepo.password=«{password:12}»",
              "remote: https://ci:«{alnum:20}»@git.internal/a.git",
              "panic: dial postgres://app:«{alnum:16}»@db:5432/app: refused",
              "+ sonar-scanner -Dsonar.login=«{hex:40}»",
              "DATADOG_API_KEY=«{hex:32}»",
              "Uploading to CODECOV_TOKEN=«{uuid}»",
              "MERAKI_DASHBOARD_API_KEY=«{hex:40}»");
      case HISTORY ->
          pick(
              r,
              "  {digit:3}  mysql -u root -p«{alnum:12}» app",
              "  {digit:3}  sshpass -p «{alnum:12}» ssh root@10.0.0.7",
              "  {digit:3}  export AWS_SECRET_ACCESS_KEY=«{b64mix:40}»",
              "  {digit:3}  PGPASSWORD=«{password:12}» psql -h db",
              "  {digit:3}  vault kv put secret/app password=«{password:12}»",
              "  {digit:3}  curl -u bob:«{password:12}» https://api.internal",
              "  {digit:3}  kubectl create secret generic db --from-literal=password=«{password:12}»",
              "  {digit:3}  redis-cli -h cache -a «{alnum:20}» ping",
              "  {digit:3}  htpasswd -b .htpasswd bob «{password:12}»",
              "  {digit:3}  echo \"root:«{alnum:12}»\" | chpasswd");
      case CONF ->
          pick(
              r,
              "machine api.internal login bot password «{alnum:16}»",
              "db.internal:5432:app:app:«{alnum:16}»",
              "requirepass «{alnum:24}»",
              "bindpw «{alnum:14}»",
              "//registry.internal/:_authToken=«{alnum:36}»",
              "_auth = «{basic}»",
              "spring.datasource.password=«{password:12}»",
              "psk=\"«{alnum:16}»\"",
              "bob:«$2y$10${bcrypt:53}»",
              "PrivateKey = «{b64mix:43}=»",
              "snmp-server community «{alnum:12}» RO",
              "SharedAccessKeyName=all;SharedAccessKey=«{b64mix:43}=»");
      case DUMP ->
          pick(
              r,
              "INSERT INTO users (id, name, password) VALUES (7, 'bob', '«{password:12}»');",
              "INSERT INTO users VALUES (7,'bob','«$2y$10${bcrypt:53}»','2026-11-20');",
              "CREATE USER app IDENTIFIED BY '«{alnum:14}»';",
              "ALTER ROLE app WITH LOGIN PASSWORD '«{alnum:14}»';",
              "INSERT INTO hooks (id, url) VALUES (3, 'https://hooks.slack.com/services/«T{upalnum:8}/B{upalnum:8}/{alnum:24}»');",
              "UPDATE accounts SET password = '«{password:12}»' WHERE id = 7;");
      default -> throw new IllegalArgumentException("no form: " + syntax);
    };
  }

  private static String pick(SplittableRandom random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
