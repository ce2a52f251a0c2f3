package io.outrider.redaction;

import java.util.List;
import java.util.SplittableRandom;

/// Lines with a secret in them, in the manner of each kind of text. `«` and `»` stand around the
/// secret; random characters fill `{hex:40}` and its kind, as in rule files.
final class CorpusSecrets {
  private CorpusSecrets() {}

  /// Secrets that are known by their own shape, wherever they stand.
  private static final List<String> SHAPED =
      List.of(
          "«ghp_{alnum:36}»",
          "«github_pat_{alnum:22}_{alnum:59}»",
          "«ghs_{digit:6}_{jwt}»",
          "«glpat-{b64urlmix:20}»",
          "«xoxb-{digit9:12}-{digit9:12}-{alnum:24}»",
          "«xoxp-{digit9:12}-{digit9:12}-{digit9:12}-{hex:32}»",
          "«sk_live_{alnum:24}»",
          "«rk_live_{alnum:24}»",
          "«whsec_{alnum:32}»",
          "«AIza{b64urlmix:35}»",
          "«GOCSPX-{b64urlmix:28}»",
          "«sk-ant-api03-{b64urlmix:93}AA»",
          "«sk-proj-{b64urlmix:74}T3BlbkFJ{b64urlmix:74}»",
          "«hf_{letter:34}»",
          "«npm_{alnum:36}»",
          "«pypi-AgEIcHlwaS5vcmc{b64urlmix:100}»",
          "«dop_v1_{hex:64}»",
          "«dckr_pat_{b64urlmix:27}»",
          "«shpat_{hex:32}»",
          "«SG.{b64urlmix:22}.{b64urlmix:43}»",
          "«sq0atp-{b64urlmix:22}»",
          "«lin_api_{alnum:40}»",
          "«hvs.{b64urlmix:95}»",
          "«pul-{hex:40}»",
          "«dp.pt.{alnum:43}»",
          "«glsa_{alnum:32}_{hex:8}»",
          "«PMAK-{hex:24}-{hex:34}»",
          "«rubygems_{hex:48}»",
          "«tskey-auth-{alnum:12}-{alnum:32}»",
          "«sbp_{hex:40}»",
          "«figd_{b64urlmix:40}»",
          "«{jwt}»",
          "«AKIA{base32:16}»",
          "«https://hooks.slack.com/services/T{upalnum:8}/B{upalnum:8}/{alnum:24}»",
          "postgres://app:«{alnum:16}»@db.internal:5432/app",
          "redis://:«{alnum:20}»@cache:6379/0",
          "https://ci:«{alnum:20}»@git.internal/team/app.git");

  /// What secrets without a shape of their own are called, and what they look like.
  private static final String[][] NAMED = {
    {"password", "{alnum:14}"},
    {"db_password", "{alnum:10}!{alnum:3}"},
    {"client_secret", "{alnum:40}"},
    {"api_key", "{hex:32}"},
    {"secret_key", "{b64mix:40}"},
    {"access_token", "{b64urlmix:48}"},
    {"auth_token", "{alnum:40}"},
    {"aws_secret_access_key", "{b64mix:40}"},
    {"encryption_key", "{hex:64}"},
    {"smtp_password", "{alnum:12}"},
  };

  /// A secret in one or more lines of a kind of text.
  static String line(CorpusText.Syntax syntax, SplittableRandom random) {
    String shaped = SHAPED.get(random.nextInt(SHAPED.size()));
    String[] named = NAMED[random.nextInt(NAMED.length)];
    String name = named[0];
    String value = "«" + named[1] + "»";
    String upper = name.toUpperCase(java.util.Locale.ROOT);
    boolean own = random.nextBoolean();
    String any = own ? shaped : value;
    String what = own ? "service_url" : name;
    return switch (syntax) {
      case CODE_C ->
          pick(
              random,
              "    private static final String " + (own ? "REMOTE" : upper) + " = \"" + any + "\";",
              "    config.put(\""
                  + (own ? "remote" : "db.password")
                  + "\", \""
                  + (own ? shaped : "«{alnum:12}»")
                  + "\");",
              "const " + camel(what) + " = '" + any + "';",
              "  // deployed with " + shaped);
      case CODE_PY ->
          pick(
              random,
              what + " = \"" + any + "\"",
              "client = Client(" + what + "='" + any + "')",
              "requests.get(url, headers={'Authorization': 'Bearer «{alnum:40}»'})",
              "# seen in staging: " + shaped);
      case SHELL ->
          pick(
              random,
              "export " + (own ? "REMOTE" : upper) + "=" + any,
              "curl -u deploy:«{alnum:14}» https://api.internal/v1/builds",
              "curl -H \"X-Api-Key: «{alnum:32}»\" https://api.internal",
              "mysql -h db -u root -p«{alnum:12}» app < dump.sql",
              "git clone https://oauth2:«{b64urlmix:20}»@git.internal/a/b.git");
      case ENV -> (own ? "REMOTE_URL" : upper) + "=" + any;
      case YAML ->
          pick(
              random,
              "  " + what + ": " + any,
              "  " + what + ": \"" + any + "\"",
              "        - name: " + (own ? "REMOTE" : upper) + "\n          value: \"" + any + "\"");
      case INI -> pick(random, what + " = " + any, what + "=" + any);
      case JSON ->
          pick(
              random,
              "{\"name\":\"primary\",\"" + what + "\":\"" + any + "\",\"enabled\":true}",
              "{\"headers\":{\"Authorization\":\"Bearer «{alnum:40}»\",\"Accept\":\"*/*\"}}",
              "{\"note\":\"rotated, was " + shaped + " before\",\"id\":17}",
              "{\"type\":\"aws_db_instance\",\"attributes\":{\"username\":\"app\",\"password\":\"«{password:14}»\"}}",
              "{\"auths\":{\"r.internal\":{\"auth\":\"«{basic}»\"}}}",
              "{\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"«{password:14}»\"}]}",
              "{\"host\":\"db\",\"user\":\"app\",\"pass\":\"«{password:12}»\"}",
              "{\"user\":\"app\",\"password\":\"«{alnum:12}»\"}");
      case LOG ->
          pick(
              random,
              "2026-11-20T10:00:00.123Z DEBUG http - Authorization: Bearer «{b64urlmix:44}»",
              "2026-11-20T10:00:00.123Z ERROR db - cannot connect to postgres://app:«{alnum:14}»@db:5432/app",
              "2026-11-20T10:00:00.123Z INFO  boot - config " + name + "=" + value,
              "2026-11-20T10:00:00.123Z WARN  hook - posting with " + shaped,
              "10.0.0.7 - - [20/Nov/2026:10:00:00 +0000] \"GET /cb?access_token=«{b64urlmix:40}» HTTP/1.1\" 200 17");
      case SQL ->
          pick(
              random,
              "INSERT INTO settings (id, name, value) VALUES (17, 'remote', '" + shaped + "');",
              "CREATE USER app WITH PASSWORD '«{alnum:14}»';",
              "| 17 | integration | " + shaped + " | 2026-11-20 |");
      case CSV -> "17,integration," + shaped + ",2026-11-20";
      case XML ->
          pick(
              random,
              "  <password>«{alnum:14}»</password>",
              "  <add key=\"ApiKey\" value=\"«{alnum:32}»\" />",
              "  <entry key=\"db.password\">«{password:12}»</entry>",
              "  <key>ApiToken</key>\n  <string>«{alnum:32}»</string>",
              "  <add name=\"Db\" connectionString=\"Server=db;User Id=app;Password=«{alnum:14}»;\" />",
              "  <remote>" + shaped + "</remote>");
      case HTML ->
          pick(
              random,
              "<script>window.config = { apiKey: \"«AIza{b64urlmix:35}»\" };</script>",
              "<p>Use <code>" + shaped + "</code> until Friday.</p>");
      case PROSE ->
          pick(
              random,
              "The new deploy token is `" + shaped + "`, please store it safely.",
              "The password for the staging box is «{alnum:9}!{alnum:4}» for now.",
              "curl -H 'Authorization: Bearer «{alnum:40}»' https://api.internal");
      case DIFF ->
          pick(random, "+  " + what + ": \"" + any + "\"", "-" + what + " = \"" + any + "\"");
      case HCL ->
          pick(
              random,
              "  " + what + " = \"" + any + "\"",
              "  secret_key = \"«{b64mix:40}»\"",
              "  token = \"" + shaped + "\"");
      case HTTP, BUILD, HISTORY, CONF, DUMP -> CorpusForms.secret(syntax, random);
      case OPAQUE -> "# " + shaped;
    };
  }

  /// A private key, in the manner of a text.
  static String privateKey(SplittableRandom random) {
    return pick(
        random, "«{pem:RSA PRIVATE KEY}»", "«{pem:OPENSSH PRIVATE KEY}»", "«{pem:PRIVATE KEY}»");
  }

  /// A line that holds no more than a secret known by its shape, to be encoded as a whole.
  static String encodable(SplittableRandom random) {
    return pick(
        random,
        "token=" + SHAPED.get(random.nextInt(30)) + "&scope=all of it",
        "user: deploy, key: " + SHAPED.get(random.nextInt(30)) + "\n",
        "postgres://app:«{alnum:16}»@db.internal:5432/app?sslmode=require");
  }

  private static String camel(String name) {
    var out = new StringBuilder();
    for (String part : name.split("_", -1)) {
      out.append(out.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
    }
    return out.toString();
  }

  private static String pick(SplittableRandom random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
