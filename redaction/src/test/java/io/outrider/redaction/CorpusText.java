package io.outrider.redaction;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;

/// Texts as the tools of many kinds of servers return them, without any secret, made from a seed.
/// They are thick with the words that secrets are known by, and with random characters that are
/// none.
final class CorpusText {
  /// How a line of a text must be written.
  enum Syntax {
    CODE_C,
    CODE_PY,
    SHELL,
    ENV,
    YAML,
    INI,
    JSON,
    LOG,
    SQL,
    CSV,
    XML,
    HTML,
    PROSE,
    DIFF,
    HCL,
    HTTP,
    BUILD,
    HISTORY,
    CONF,
    DUMP,
    OPAQUE
  }

  /// A kind of text.
  ///
  /// @param line makes one line, or one element of an array if the syntax is JSON
  record Kind(String name, Syntax syntax, Function<SplittableRandom, String> line) {}

  private static final String[] NOUNS = {
    "token", "user", "session", "password", "request", "key", "account", "service", "secret",
        "cache",
    "page", "policy", "credential", "order", "access", "auth", "index", "bearer", "cursor",
        "profile"
  };
  private static final String[] VERBS = {
    "load", "rotate", "verify", "refresh", "encode", "parse", "reset", "revoke", "fetch", "merge"
  };
  private static final String[] PATHS = {
    "src/main/java/io/acme/auth", "internal/token", "lib/session", "pkg/secret/store", "app/models"
  };

  private CorpusText() {}

  private static final List<Kind> TEXTS =
      List.of(
          new Kind("java", Syntax.CODE_C, CorpusText::java),
          new Kind("javascript", Syntax.CODE_C, CorpusText::javascript),
          new Kind("go", Syntax.CODE_C, CorpusText::golang),
          new Kind("python", Syntax.CODE_PY, CorpusText::python),
          new Kind("shell", Syntax.SHELL, CorpusText::shell),
          new Kind("env", Syntax.ENV, CorpusText::env),
          new Kind("kubernetes", Syntax.YAML, CorpusText::kubernetes),
          new Kind("compose", Syntax.YAML, CorpusText::yaml),
          new Kind("properties", Syntax.INI, CorpusText::properties),
          new Kind("api answer", Syntax.JSON, CorpusText::apiAnswer),
          new Kind("commits", Syntax.JSON, CorpusText::commit),
          new Kind("rows", Syntax.JSON, CorpusText::row),
          new Kind("schema", Syntax.JSON, CorpusText::schema),
          new Kind("package lock", Syntax.JSON, CorpusText::packageLock),
          new Kind("application log", Syntax.LOG, CorpusText::log),
          new Kind("access log", Syntax.LOG, CorpusText::accessLog),
          new Kind("stack trace", Syntax.LOG, CorpusText::stackTrace),
          new Kind("sql", Syntax.SQL, CorpusText::sql),
          new Kind("table", Syntax.SQL, CorpusText::table),
          new Kind("csv", Syntax.CSV, CorpusText::csv),
          new Kind("pom", Syntax.XML, CorpusText::xml),
          new Kind("html", Syntax.HTML, CorpusText::html),
          new Kind("markdown", Syntax.PROSE, CorpusText::markdown),
          new Kind("mail", Syntax.PROSE, CorpusText::prose),
          new Kind("diff", Syntax.DIFF, CorpusText::diff),
          new Kind("terraform", Syntax.HCL, CorpusText::terraform),
          new Kind("go.sum", Syntax.OPAQUE, CorpusText::goSum),
          new Kind("checksums", Syntax.OPAQUE, CorpusText::checksum),
          new Kind("ids", Syntax.OPAQUE, CorpusText::ids),
          new Kind("image", Syntax.OPAQUE, CorpusText::image),
          new Kind("git log", Syntax.OPAQUE, CorpusText::gitLog),
          new Kind("metrics", Syntax.OPAQUE, CorpusText::metrics),
          new Kind("minified", Syntax.OPAQUE, CorpusText::minified),
          new Kind("listing", Syntax.OPAQUE, CorpusText::listing));

  static final List<Kind> KINDS =
      Stream.concat(TEXTS.stream(), CorpusForms.KINDS.stream()).toList();

  /// The lines of a text of about `size` characters.
  static List<String> lines(Kind kind, int size, SplittableRandom random) {
    List<String> lines = new ArrayList<>();
    int length = 0;
    while (length < size) {
      String line = SampleText.of(kind.line().apply(random), random).text();
      lines.add(line);
      length += line.length();
    }
    return lines;
  }

  private static String pick(SplittableRandom r, String... choices) {
    return choices[r.nextInt(choices.length)];
  }

  private static String noun(SplittableRandom r) {
    return pick(r, NOUNS);
  }

  /// A noun whose value is no secret.
  private static String thing(SplittableRandom r) {
    return pick(
        r, "user", "request", "account", "service", "cache", "page", "order", "index", "profile");
  }

  private static String cap(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private static String method(SplittableRandom r) {
    return pick(r, VERBS) + cap(noun(r)) + cap(noun(r));
  }

  private static String java(SplittableRandom r) {
    String n = noun(r);
    String m = method(r);
    return pick(
        r,
        "  private final " + cap(n) + "Store " + n + "Store;",
        "  String " + n + " = request.getParameter(\"" + n + "\");",
        "    if ("
            + n
            + " == null) throw new IllegalStateException(\""
            + n
            + " must not be null\");",
        "    return " + m + "(" + n + ", " + noun(r) + "Provider.current());",
        "  /** Returns the " + n + " of the " + noun(r) + ", or null. */",
        "  public " + cap(n) + " " + m + "(String " + n + ", char[] password) {",
        "    this.password = password; this." + n + " = " + n + ";",
        "    log.info(\"" + n + " {} accepted for {}\", id, user);",
        "    byte[] key = KeyFactory.getInstance(\"RSA\").generatePublic(spec).getEncoded();",
        "  private static final String TOKEN_HEADER = \"X-Auth-Token\";",
        "  static final UUID ID = UUID.fromString(\"{uuid}\");",
        "    assertThat(" + n + "Token.kind()).isEqualTo(TokenKind.IDENTIFIER);",
        "  private static final String PASSWORD_KEY = \"spring.datasource.password\";",
        "    var secret = secrets.get(\"prod/db/" + n + "\");");
  }

  private static String javascript(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        "const { " + n + ", password, token } = req.body;",
        "export async function " + method(r) + "(" + n + ": string): Promise<void> {",
        "  const apiKey = process.env.API_KEY ?? config.get('" + n + ".apiKey');",
        "  if (!token) return res.status(401).json({ error: 'token is required' });",
        "  const " + n + "Key = `${prefix}:${" + n + ".id}`;",
        "import { " + cap(n) + "Provider } from '@acme/" + n + "-provider';",
        "  headers: { Authorization: `Bearer ${token}`, 'X-Api-Key': apiKey },",
        "  password: z.string().min(12, 'Password must have 12 characters'),",
        "  it('rejects an expired " + n + "', async () => { expect(status).toBe(401); });",
        "//# sourceMappingURL=index.{hex:8}.js.map",
        "  const password = await prompt({ type: 'password', message: 'Password:' });",
        "  type: 'password', label: 'Password', autoComplete: 'current-password',",
        "  secret: secretsManager.getSecretValue({ SecretId: 'prod/" + n + "' }),");
  }

  private static String golang(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        "func (s *Store) " + cap(method(r)) + "(ctx context.Context, " + n + " string) error {",
        "\ttoken := r.Header.Get(\"Authorization\")",
        "\tif password == \"\" { return errors.New(\"password is empty\") }",
        "\tcfg.Token = os.Getenv(\"" + n.toUpperCase(java.util.Locale.ROOT) + "_TOKEN\")",
        "\tPassword string `json:\"password,omitempty\" yaml:\"password\"`",
        "\tkey := fmt.Sprintf(\"%s/%s\", " + n + ".Name, token.ID)",
        "\twant: \"sha256:{hex:64}\",",
        "\t// " + cap(n) + " keeps the secret of one session.",
        "\tcase token.IDENT, token.STRING: return p." + method(r) + "(tok)",
        "\tapiKey, err := keyring.Get(\"" + n + "\", user)");
  }

  private static String python(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        "def " + pick(r, VERBS) + "_" + n + "(self, " + n + ": str, password: str | None = None):",
        "    token = self.tokenizer.encode(" + n + ")",
        "    password = getpass.getpass('Password: ')",
        "    api_key = os.environ['API_KEY']",
        "    raise ValueError('" + n + " must not be empty')",
        "    assert token.type == 'STRING', token",
        "    secret = base64.b64encode(os.urandom(32))",
        "    headers['Authorization'] = f'Bearer {token}'",
        "    max_tokens = 4096; token_count = {digit:4}",
        "    '''Return the " + n + " key of this access token.'''",
        "    self.client = Client(api_key=api_key, secret=secret, token=token)",
        "    digest = '{hex:64}'",
        "    parser.add_argument('--password', help='the password to use', default=None)");
  }

  private static String shell(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        "set -euo pipefail",
        "TOKEN=$(cat /run/secrets/" + n + ")",
        "curl -fsS -H \"Authorization: Bearer $TOKEN\" \"https://api.acme.test/" + n + "/$ID\"",
        "read -rsp 'Password: ' PASSWORD",
        "export PASSWORD=${PASSWORD:?password is required}",
        "kubectl create secret generic " + n + " --from-literal=password=\"$PASSWORD\"",
        "docker login -u ci -p \"$REGISTRY_TOKEN\" registry.acme.test",
        "echo \"" + n + " key rotated\" >&2",
        "git checkout {hex:40}",
        "openssl rand -hex 32 > " + n + ".key",
        "ssh-keygen -t ed25519 -f ~/.ssh/" + n + "_key -N ''");
  }

  private static String env(SplittableRandom r) {
    String n = noun(r).toUpperCase(java.util.Locale.ROOT);
    return pick(
        r,
        n + "_PASSWORD=",
        n + "_TOKEN=<your token>",
        n + "_SECRET=changeme",
        n + "_KEY=${" + n + "_KEY}",
        n + "_API_KEY=your_api_key_here",
        n + "_TIMEOUT={digit:3}",
        n + "_URL=https://" + n.toLowerCase(java.util.Locale.ROOT) + ".acme.test/v1",
        n + "_SECRET_FILE=/run/secrets/" + n.toLowerCase(java.util.Locale.ROOT),
        n + "_TOKEN_TTL=3600",
        "# " + n + ": set the password before the first start",
        n + "_PASSWORD_MIN_LENGTH=12",
        n + "_ACCESS_KEY=xxxxxxxxxxxxxxxxxxxx",
        n + "_BUILD={hex:40}");
  }

  private static String kubernetes(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: "
            + n
            + "-{hex:10}-{lowalnum:5}\n  uid: {uuid}",
        "        - name: "
            + n.toUpperCase(java.util.Locale.ROOT)
            + "_PASSWORD\n          valueFrom:\n            secretKeyRef:\n              name: "
            + n
            + "-secret\n              key: password",
        "      image: registry.acme.test/" + n + "@sha256:{hex:64}",
        "      serviceAccountName: "
            + n
            + "-token-reader\n      automountServiceAccountToken: false",
        "    - secretRef: {name: " + n + "-credentials}",
        "      containerID: containerd://{hex:64}",
        "    resourceVersion: \"{digit:9}\"",
        "  secretName: " + n + "-tls-{lowalnum:5}",
        "    pod-template-hash: {lowalnum:10}");
  }

  private static String yaml(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        "  " + n + ":\n    image: acme/" + n + ":1.{digit:2}.{digit:1}",
        "    environment:\n      PASSWORD: ${PASSWORD}\n      TOKEN: ${TOKEN:-}",
        "    token_endpoint: https://login.acme.test/oauth2/token",
        "    password_policy: strong",
        "  key: " + n + "-cache-{hex:8}",
        "      - run: npm ci\n        env: {NODE_AUTH_TOKEN: '${{ secrets.NPM_TOKEN }}'}",
        "    access_token_lifetime: 3600s",
        "  secrets: [" + n + "_key, " + n + "_password]",
        "  uses: actions/checkout@{hex:40}");
  }

  private static String properties(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        n + ".password=${DB_PASSWORD}",
        n + ".token.ttl=3600",
        "label." + n + ".password=Password",
        "error." + n + ".password.required=Please enter a password",
        n + ".secret.provider=vault",
        "spring.datasource.password=",
        n + ".key-store=/etc/ssl/" + n + ".p12",
        n + ".max-tokens={digit:4}",
        n + ".build.commit={hex:40}",
        "password.encoder=bcrypt");
  }

  private static String apiAnswer(SplittableRandom r) {
    String n = noun(r);
    return "{\"id\":\"{uuid}\",\"kind\":\""
        + n
        + "\",\"node_id\":\"MDU6{alnum:20}\",\"etag\":\"{hex:32}\","
        + "\"next_page_token\":\"{b64urlmix:40}\",\"tokens_used\":{digit9:4},\"password_set\":true,"
        + "\"url\":\"https://api.acme.test/"
        + n
        + "s/{digit9:6}?page=2\",\"title\":\""
        + cap(n)
        + " key cannot be "
        + pick(r, VERBS)
        + "ed\",\"avatar_hash\":\"{hex:40}\"}";
  }

  private static String commit(SplittableRandom r) {
    return "{\"sha\":\"{hex:40}\",\"tree\":{\"sha\":\"{hex:40}\"},\"message\":\""
        + cap(method(r))
        + ": rotate the "
        + noun(r)
        + " key\",\"verification\":{\"verified\":false,\"reason\":\"unsigned\"},"
        + "\"parents\":[{\"sha\":\"{hex:40}\"}],\"author\":{\"name\":\"Token Ring\",\"id\":{digit9:7}}}";
  }

  private static String row(SplittableRandom r) {
    return "{\"id\":{digit9:6},\""
        + thing(r)
        + "\":\""
        + method(r)
        + "\",\"uid\":\"{uuid}\",\"key\":\""
        + noun(r)
        + "-{digit:4}\",\"checksum\":\"{hex:64}\",\"password_changed_at\":\"2026-01-{digit9:1}\","
        + "\"cursor\":\"{b64mix:32}\",\"token_type\":\"bearer\"}";
  }

  private static String schema(SplittableRandom r) {
    String n = noun(r);
    return "{\"name\":\""
        + method(r)
        + "\",\"description\":\"Takes a "
        + n
        + " and the password of the account. The token must have the scope "
        + n
        + ".\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"password\":{\"type\":\"string\"},\""
        + n
        + "_token\":{\"type\":\"string\",\"description\":\"API token\"}},\"required\":[\"password\"]}}";
  }

  private static String packageLock(SplittableRandom r) {
    String n = noun(r) + "-" + noun(r);
    return "{\"name\":\"node_modules/"
        + n
        + "\",\"version\":\"{digit9:1}.{digit:1}.{digit:1}\",\"resolved\":"
        + "\"https://registry.pkgs.test/"
        + n
        + "/-/"
        + n
        + "-1.0.{digit:1}.tgz\",\"integrity\":\"sha512-"
        + "{b64mix:86}==\",\"license\":\"MIT\"}";
  }

  private static String log(SplittableRandom r) {
    String n = noun(r);
    return "2026-11-20T10:{digit:2}:{digit:2}.{digit:3}Z "
        + pick(
            r,
            "INFO  "
                + n
                + " - password accepted for user {digit9:5} from 10.0.{digit9:1}.{digit9:2}",
            "WARN  " + n + " - token expired, refreshing: request_id={uuid} trace={hex:32}",
            "DEBUG " + n + " - key=" + thing(r) + ":{digit9:6} hit=true cost={digit9:2}ms",
            "ERROR " + n + " - access denied: secret '" + n + "' not found (status=404)",
            "INFO  http - POST /oauth/token 200 {digit9:3}ms ua=\"curl/8.5\" span={hex:16}",
            "DEBUG " + n + " - authorization header missing, bearer required",
            "INFO  usage - prompt_tokens={digit9:4} completion_tokens={digit9:3} max_tokens=4096");
  }

  private static String accessLog(SplittableRandom r) {
    return "10.0.{digit9:1}.{digit9:2} - - [20/Nov/2026:10:{digit:2}:{digit:2} +0000] \"GET /"
        + noun(r)
        + "s/{uuid}?page={digit9:1}&sort=key&cursor={b64urlmix:24} HTTP/1.1\" 200 {digit9:5} \"-\" \"Mozilla/5.0\" {hex:32}";
  }

  private static String stackTrace(SplittableRandom r) {
    return pick(
        r,
        "io.acme." + noun(r) + "." + cap(noun(r)) + "Exception: " + noun(r) + " expired",
        "\tat io.acme.auth."
            + cap(noun(r))
            + "Service."
            + method(r)
            + "("
            + cap(noun(r))
            + "Service.java:{digit9:3})",
        "\tat io.acme.PasswordFilter$$Lambda/0x{hex:16}.apply(Unknown Source)",
        "Caused by: java.lang.IllegalArgumentException: password: null (expected: a value)",
        "  File \"/usr/lib/python3/site-packages/"
            + noun(r)
            + "/token.py\", line {digit9:3}, in "
            + method(r));
  }

  private static String sql(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        "CREATE TABLE "
            + n
            + "s (id uuid PRIMARY KEY, password varchar(255) NOT NULL, token_count int);",
        "INSERT INTO " + n + "s VALUES ('{uuid}', '" + method(r) + "', {digit9:5}, '2026-01-01');",
        "SELECT id, password_changed_at FROM users WHERE token = $1 AND password = crypt($2, password);",
        "ALTER TABLE " + n + "s ADD COLUMN secret_hint text;",
        "UPDATE " + n + "s SET key = 'k-{digit:4}' WHERE digest = '{hex:64}';",
        "GRANT SELECT ON " + n + "s TO reader;");
  }

  private static String table(SplittableRandom r) {
    return "| {digit9:6} | "
        + noun(r)
        + " | "
        + method(r)
        + " | {hex:32} | {uuid} | 2026-11-{digit9:1} |";
  }

  private static String csv(SplittableRandom r) {
    return "{digit9:6},"
        + noun(r)
        + ",{uuid},{hex:40},false,{digit9:4},\""
        + cap(noun(r))
        + " key, password reset\"";
  }

  private static String xml(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        "  <dependency><groupId>io.acme</groupId><artifactId>"
            + n
            + "-token</artifactId><version>1.{digit9:2}</version></dependency>",
        "  <password>${env.PASSWORD}</password>",
        "  <property name=\"" + thing(r) + "\" value=\"" + n + "-key\"/>",
        "  <bean id=\"" + n + "PasswordEncoder\" class=\"io.acme.BCryptPasswordEncoder\"/>",
        "  <sha1>{hex:40}</sha1>",
        "  <tokenValidity>3600</tokenValidity>");
  }

  private static String html(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        "<label for=\"password\">Password</label><input type=\"password\" name=\"password\" autocomplete=\"off\">",
        "<a href=\"/" + n + "s/reset-password?step=2&lang=en\">Forgot your password?</a>",
        "<script src=\"/app.{hex:20}.js\" integrity=\"sha384-{b64mix:64}\" crossorigin=\"anonymous\"></script>",
        "<div class=\"token-list\" data-key=\""
            + n
            + "\" id=\"k{digit9:5}\">"
            + cap(n)
            + " tokens</div>",
        "<meta name=\"generator\" content=\"acme {digit9:1}.{digit:1}\">",
        "<p>Your access key is shown once. Keep the secret in a safe place.</p>");
  }

  private static String markdown(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        "## " + cap(method(r)),
        "| `"
            + n
            + "_token` | string | The token of the "
            + n
            + ", see [tokens](https://docs.acme.test/tokens) |",
        "Set `API_KEY` to your key, or pass `--token <token>`.",
        "```sh\ncurl -H \"Authorization: Bearer <token>\" https://api.acme.test/" + n + "\n```",
        "- The password must have at least 12 characters and is hashed with bcrypt.",
        "postgres://user:password@localhost:5432/app is the default.",
        "See commit {hex:40} and issue #{digit9:4}.");
  }

  private static String prose(SplittableRandom r) {
    return pick(
        r,
        "Please remember that the password is required and must be changed every year.",
        "The access token expires after an hour; the refresh token stays with the client.",
        "I could not find the key for the " + noun(r) + " office, is it a secret?",
        "A token of thanks to the authors: the session on bearer bonds was excellent.",
        "If the credential is lost, ask the service desk for a new one (ticket {digit9:6}).",
        "Message-Id: <{hex:16}.{digit9:8}@mail.acme.test>",
        "The secret of good " + noun(r) + " handling is to " + pick(r, VERBS) + " early.");
  }

  private static String diff(SplittableRandom r) {
    return pick(
        r,
        "diff --git a/"
            + pick(r, PATHS)
            + "/"
            + noun(r)
            + ".go b/"
            + pick(r, PATHS)
            + "/token.go\nindex {hex:7}..{hex:7} 100644",
        "@@ -{digit9:2},7 +{digit9:2},9 @@ func " + method(r) + "()",
        "-\ttoken := " + method(r) + "(ctx)",
        "+\tpassword, err := vault." + cap(method(r)) + "(ctx, path)",
        "+\tsecretName: \"prod/" + noun(r) + "\",",
        "-  \"integrity\": \"sha512-{b64mix:86}==\",",
        " \treturn nil");
  }

  private static String terraform(SplittableRandom r) {
    String n = noun(r);
    return pick(
        r,
        "resource \"aws_secretsmanager_secret\" \"" + n + "\" {\n  name = \"prod/" + n + "\"\n}",
        "  password = var.db_password",
        "  token    = data.vault_generic_secret." + n + ".data[\"token\"]",
        "variable \"" + n + "_password\" {\n  type      = string\n  sensitive = true\n}",
        "  kms_key_id = \"arn:aws:kms:eu-west-1:123456789012:key/{uuid}\"",
        "  + secret_arn = (known after apply)",
        "  key    = \"state/" + n + ".tfstate\"",
        "  ami = \"ami-{hex:17}\"");
  }

  private static String goSum(SplittableRandom r) {
    return "github.com/acme/" + noun(r) + " v1.{digit9:2}.{digit:1} h1:{b64mix:43}=";
  }

  private static String checksum(SplittableRandom r) {
    return pick(
        r,
        "{hex:64}  " + noun(r) + "-1.{digit:1}.tar.gz",
        "{hex:32}  " + noun(r) + ".key.pub",
        "SHA256 (" + noun(r) + ".zip) = {hex:64}",
        "sha512-{b64mix:86}==",
        "{HEX:40} ./" + pick(r, PATHS));
  }

  private static String ids(SplittableRandom r) {
    return pick(
        r,
        "{uuid}",
        noun(r) + "_id: {uuid}",
        "key {digit9:12}",
        "session {lowalnum:20}",
        "request-{hex:8}-{digit9:4}",
        "arn:aws:iam::123456789012:role/" + noun(r) + "-token",
        "01J{upalnum:23}",
        "cursor: {b64mix:44}");
  }

  private static String image(SplittableRandom r) {
    return pick(
        r,
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA{b64mix:900}",
        "![" + noun(r) + "](data:image/jpeg;base64,/9j/4AAQSkZJRgABAQ{b64mix:600})");
  }

  private static String gitLog(SplittableRandom r) {
    return "commit {hex:40}\nAuthor: Token Ring <ring@acme.test>\nDate:   Fri Nov 20 10:{digit:2}:00 2026 +0000\n\n    "
        + cap(pick(r, VERBS))
        + " the password of the "
        + noun(r)
        + " key\n";
  }

  private static String metrics(SplittableRandom r) {
    return noun(r)
        + "_tokens_total{upstream=\""
        + noun(r)
        + "\",key=\""
        + noun(r)
        + "\",le=\"0.5\"} {digit9:6}";
  }

  private static String minified(SplittableRandom r) {
    String n = noun(r);
    return "function "
        + pick(r, "a", "b", "Z", "q1")
        + "(e,t){var n=e.key,r=t."
        + n
        + "||\"\";return n.token=o(r),{key:\"Enter\",token:n,secret:!0,"
        + n
        + "Key:r,password:e.password,accessKey:a1.b2}}";
  }

  private static String listing(SplittableRandom r) {
    return "-rw-r--r-- 1 root root {digit9:5} Nov 20 10:{digit:2} "
        + pick(r, PATHS)
        + "/"
        + noun(r)
        + "_"
        + noun(r)
        + "_key.pem";
  }
}
