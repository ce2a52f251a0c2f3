package io.outrider.app.config;

import static io.outrider.app.config.Scalars.BYTES;
import static io.outrider.app.config.Scalars.HOST_PORT;
import static io.outrider.app.config.Scalars.LOWER;
import static io.outrider.app.config.Scalars.ORIGINS;
import static io.outrider.app.config.Scalars.PATH;
import static io.outrider.app.config.Scalars.RATES;
import static io.outrider.app.config.Scalars.SWITCH;
import static io.outrider.app.config.Scalars.TEXT;
import static io.outrider.app.config.Scalars.TIME;
import static io.outrider.app.config.Scalars.URL;
import static io.outrider.app.config.Scalars.number;
import static io.outrider.app.config.Scalars.oneOf;

import io.outrider.app.config.Shape.CredentialKind;
import io.outrider.app.config.Shape.Credentials;
import io.outrider.app.config.Shape.Group;
import io.outrider.app.config.Shape.Listing;
import io.outrider.app.config.Shape.Named;
import io.outrider.settings.AdminSettings;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.IdentitySettings;
import io.outrider.settings.LimitSettings;
import io.outrider.settings.LimitSettings.Rate;
import io.outrider.settings.ListenSettings;
import io.outrider.settings.PolicySettings;
import io.outrider.settings.RedactionSettings;
import io.outrider.settings.Secret;
import io.outrider.settings.SizeSettings;
import io.outrider.settings.TimeoutSettings;
import io.outrider.settings.UpstreamSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Every key of `outrider.yaml`, once. The order is the order of the documentation.
final class ConfigTable {
  private static final int MANY = 1_000_000;

  // listen
  static final Key<Path> TLS_CERT =
      Key.optional("cert", PATH, "required", "PEM file with the certificate chain, leaf first.");
  static final Key<Path> TLS_KEY =
      Key.optional("key", PATH, "required", "PEM file with the PKCS#8 private key.");
  static final Key<Path> TLS_CLIENT_CA =
      Key.optional(
          "client_ca",
          PATH,
          "no client certificates",
          "PEM file; when given, clients must show a certificate signed by one of these.");
  static final Key<Address> LISTEN_ADDRESS =
      Key.of(
          "address",
          HOST_PORT,
          new Address(ListenSettings.DEFAULT_HOST, ListenSettings.DEFAULT_PORT),
          "127.0.0.1:8080",
          "Where clients connect. Port 0 takes a free one.");
  static final Key<Section> TLS =
      Key.group(
          "tls",
          "TLS of the listening port. Without it Outrider speaks plain HTTP.",
          TLS_CERT,
          TLS_KEY,
          TLS_CLIENT_CA);
  static final Key<List<String>> ALLOWED_HOSTS =
      Key.of(
          "allowed_hosts",
          Listing.of(LOWER),
          List.of(),
          "none",
          "`Host` headers answered besides the loopback names and the listening address itself; all others get 403, which stops DNS rebinding.");
  static final Key<List<String>> ALLOWED_ORIGINS =
      Key.of(
          "allowed_origins",
          Listing.of(ORIGINS),
          List.of(),
          "none",
          "`Origin` headers (browsers send them) answered besides loopback origins.");
  static final Key<Section> LISTEN =
      Key.group(
          "listen", "Where clients connect.", LISTEN_ADDRESS, TLS, ALLOWED_HOSTS, ALLOWED_ORIGINS);

  // upstreams
  static final Key<List<String>> COMMAND =
      Key.optional(
          "command",
          new Listing<>(TEXT, false, "a list such as [npx, -y, some-server]"),
          "required",
          "Program and arguments, as a list; no shell reads them.");
  static final Key<Map<String, Secret>> ENV =
      Key.of(
              "env",
              new Credentials(CredentialKind.VARIABLE),
              Map.of(),
              "none",
              "Variables for the process. Names that look like credentials take their value by reference only.")
          .reloaded();
  static final Key<Path> CWD =
      Key.optional("cwd", PATH, "Outrider's own", "Working folder of the process.");
  static final Key<Boolean> SHARED =
      Key.of(
          "shared",
          SWITCH,
          false,
          "false",
          "true: one process serves every client. false: one process for each client session.");
  static final Key<Duration> STDIO_IDLE =
      Key.of(
          "idle",
          TIME,
          UpstreamSettings.Stdio.DEFAULT_IDLE,
          "10m",
          "How long a process of a modern server may be without a call before it is ended; the next call starts another. A process of a legacy server ends with its session (`timeouts.session`).");
  static final Key<Section> STDIO =
      Key.group(
          "stdio",
          "A server started by Outrider that speaks on stdin and stdout.",
          COMMAND,
          ENV,
          CWD,
          SHARED,
          STDIO_IDLE);
  static final Key<URI> UPSTREAM_URL =
      Key.optional(
          "url", URL, "none; `url` or `stdio` must stand", "A server that is reached over HTTP.");
  static final Key<UpstreamSettings.Transport> TRANSPORT =
      Key.of(
          "transport",
          oneOf(UpstreamSettings.Transport.class),
          UpstreamSettings.Transport.AUTO,
          "auto",
          "Which HTTP transport the server offers; `auto` asks it.");
  static final Key<Map<String, Secret>> HEADERS =
      Key.of(
              "headers",
              new Credentials(CredentialKind.HEADER),
              Map.of(),
              "none",
              "Headers sent to the server with every request. `Authorization` and the like take their value by reference only. What a client sent as credentials never reaches the server.")
          .reloaded();
  static final Key<String> UPSTREAM_PATH =
      Key.optional(
          "path",
          TEXT,
          "`/mcp` for a single upstream, `/NAME/mcp` for several",
          "The HTTP path clients use for this server.");
  static final Key<UpstreamSettings.Era> ERA =
      Key.of(
          "era",
          oneOf(UpstreamSettings.Era.class),
          UpstreamSettings.Era.AUTO,
          "auto",
          "Which protocol era the server speaks: `modern` (2026-07-28 and later), `legacy` (before), or `auto` to ask it.");
  static final Group UPSTREAM =
      new Group(List.of(UPSTREAM_PATH, STDIO, UPSTREAM_URL, TRANSPORT, HEADERS, ERA));
  static final Key<Map<String, Section>> UPSTREAMS =
      Key.optional(
          "upstreams",
          new Named<>("names of MCP servers, each with its keys", UPSTREAM),
          "required",
          "The MCP servers behind Outrider, by name. The name stands in policies, metrics and the audit log.");

  // policy
  static final Key<PolicySettings.Engine> ENGINE =
      Key.of(
          "engine",
          oneOf(PolicySettings.Engine.class),
          PolicySettings.Engine.EMBEDDED,
          "embedded",
          "What evaluates the policies: Outrider's own Rego engine, in the process.");
  static final Key<List<Path>> BUNDLES =
      Key.of(
              "bundles",
              Listing.of(PATH),
              List.of(),
              "none: every call is denied",
              "Folders and files with `.rego` policies and their data.")
          .reloaded();
  static final Key<List<String>> PACKAGES =
      Key.of(
          "packages",
          Listing.of(TEXT),
          List.of(PolicySettings.DEFAULT_PACKAGE),
          "[outrider]",
          "The packages asked. Every one of them must allow; none can widen what another denies.");
  static final Key<List<String>> BUILTINS =
      Key.of(
          "builtins",
          Listing.of(TEXT),
          List.of(),
          "none",
          "Built-in functions to turn on of those that are off by themselves: `io.jwt.encode_sign`, `io.jwt.encode_sign_raw`, `providers.aws.sign_req` (they mint credentials) and `opa.runtime` (shows the environment). `http.send` and `net.lookup_ip_addr` wait for the network, which a proxy judging calls must not; they are for policies in tools and other programs.");
  static final Key<PolicySettings.Mode> MODE =
      Key.of(
              "mode",
              oneOf(PolicySettings.Mode.class),
              PolicySettings.Mode.ENFORCE,
              "enforce",
              "`shadow` records and counts denials and lets the calls pass: for trying a policy on live traffic.")
          .reloaded();
  static final Key<Section> POLICY =
      Key.group(
          "policy", "Which policies judge the calls.", ENGINE, BUNDLES, PACKAGES, BUILTINS, MODE);

  // redaction
  static final Key<List<String>> RULES =
      Key.of(
              "rules",
              Listing.of(TEXT),
              List.of(RedactionSettings.BUILTIN),
              "[builtin]",
              "`builtin`, and paths of rule files in the shape of gitleaks' TOML.")
          .reloaded();
  static final Key<List<RedactionSettings.Direction>> DIRECTIONS =
      Key.of(
              "directions",
              Listing.of(oneOf(RedactionSettings.Direction.class)),
              List.of(RedactionSettings.Direction.values()),
              "[request, response]",
              "Where secrets are taken out of traffic. The audit log and the operator's log are covered always.")
          .reloaded();
  static final Key<RedactionSettings.OnMatch> ON_MATCH =
      Key.of(
              "on_match",
              oneOf(RedactionSettings.OnMatch.class),
              RedactionSettings.OnMatch.MASK,
              "mask",
              "What happens to a match whose rule does not say: `mask` it, `block` the message, `tokenise` it (equal secrets, equal tokens), or only record it (`alert`).")
          .reloaded();
  static final Key<List<String>> DETECTORS =
      Key.of(
              "detectors",
              Listing.of(TEXT),
              List.of(),
              "none",
              "Opt-in detectors to switch on, such as `email` and `card`.")
          .reloaded();
  static final Key<RedactionSettings.Mask> MASK =
      Key.of(
              "mask",
              oneOf(RedactionSettings.Mask.class),
              RedactionSettings.Mask.LABEL,
              "label",
              "What stands for a masked value whose rule does not say: a `label` that names the rule, the label with the last four characters of a long value (`keep_last_4`), or stars (`same_length`).")
          .reloaded();
  static final Key<List<String>> TREATMENT_RULES =
      Key.of("rules", Listing.of(TEXT), List.of(), "all", "Ids or groups of rules.");
  static final Key<List<RedactionSettings.Direction>> TREATMENT_DIRECTIONS =
      Key.of(
          "directions",
          Listing.of(oneOf(RedactionSettings.Direction.class)),
          List.of(),
          "both",
          "Which way the message goes.");
  static final Key<List<String>> TREATMENT_UPSTREAMS =
      Key.of("upstreams", Listing.of(TEXT), List.of(), "all", "Names of servers.");
  static final Key<List<String>> TREATMENT_TOOLS =
      Key.of("tools", Listing.of(TEXT), List.of(), "all", "Names of tools.");
  static final Key<List<String>> TREATMENT_PRINCIPALS =
      Key.of("principals", Listing.of(TEXT), List.of(), "all", "Ids of callers.");
  static final Key<List<String>> TREATMENT_PATHS =
      Key.of(
          "paths",
          Listing.of(TEXT),
          List.of(),
          "everywhere",
          "JSON pointers into the message, such as `/result/structuredContent/token`; a segment `*` stands for any, and what is below counts too.");
  static final Key<RedactionSettings.Then> TREATMENT_ACTION =
      Key.optional(
          "action",
          oneOf(RedactionSettings.Then.class),
          "required",
          "`mask`, `tokenise`, `block`, `alert`, or `ignore`: it passes, and is not recorded.");
  static final Key<List<Section>> TREATMENTS =
      Key.of(
              "treatments",
              new Listing<>(
                  new Group(
                      List.of(
                          TREATMENT_RULES,
                          TREATMENT_DIRECTIONS,
                          TREATMENT_UPSTREAMS,
                          TREATMENT_TOOLS,
                          TREATMENT_PRINCIPALS,
                          TREATMENT_PATHS,
                          TREATMENT_ACTION)),
                  false,
                  "a list of treatments with an action"),
              List.of(),
              "none",
              "What happens to matches in some places instead; the first that fits counts.")
          .reloaded();
  static final Key<Section> REDACTION =
      Key.group(
          "redaction",
          "Which secrets are taken out of what passes.",
          RULES,
          DIRECTIONS,
          ON_MATCH,
          MASK,
          DETECTORS,
          TREATMENTS);

  // limits
  static final Key<Integer> PER_UPSTREAM =
      Key.of(
              "per_upstream",
              number(1, MANY),
              LimitSettings.DEFAULT_PER_UPSTREAM,
              "64",
              "Calls in flight to one upstream.")
          .reloaded();
  static final Key<Integer> PER_TOOL =
      Key.of(
              "per_tool",
              number(1, MANY),
              LimitSettings.DEFAULT_PER_TOOL,
              "16",
              "Calls in flight to one tool of one upstream.")
          .reloaded();
  static final Key<Integer> PER_PRINCIPAL =
      Key.of(
              "per_principal",
              number(1, MANY),
              LimitSettings.DEFAULT_PER_PRINCIPAL,
              "8",
              "Calls in flight of one principal.")
          .reloaded();
  static final Key<Integer> QUEUE =
      Key.of(
          "queue",
          number(0, MANY),
          LimitSettings.DEFAULT_QUEUE,
          "128",
          "Calls that may wait for a place; 0 refuses at once.");
  static final Key<Duration> QUEUE_WAIT =
      Key.of(
              "queue_wait",
              TIME,
              LimitSettings.DEFAULT_QUEUE_WAIT,
              "2s",
              "The longest a call waits before it is refused with 429.")
          .reloaded();
  static final Key<Section> CONCURRENCY =
      Key.group(
          "concurrency",
          "How many calls run at once.",
          PER_UPSTREAM,
          PER_TOOL,
          PER_PRINCIPAL,
          QUEUE,
          QUEUE_WAIT);
  static final Key<Rate> RATE_PER_PRINCIPAL =
      Key.optional("per_principal", RATES, "no limit", "Calls one principal may start.").reloaded();
  static final Key<Section> RATE =
      Key.group("rate", "How many calls may start.", RATE_PER_PRINCIPAL);
  static final Key<Section> LIMITS =
      Key.group(
          "limits",
          "How many calls may run, wait and start. Over a limit the caller gets 429 and nothing reaches the server.",
          CONCURRENCY,
          RATE);

  // audit
  static final Key<Path> DIRECTORY =
      Key.optional("directory", PATH, "`var/audit`", "Folder of the log; made when missing.");
  static final Key<AuditSettings.Durability> DURABILITY =
      Key.of(
          "durability",
          oneOf(AuditSettings.Durability.class),
          AuditSettings.Durability.GROUP,
          "group",
          "`group`: a call goes on when its record is on the disk. `async`: when it is queued; a crash may lose the last records.");
  static final Key<AuditSettings.OnFailure> ON_FAILURE =
      Key.of(
          "on_failure",
          oneOf(AuditSettings.OnFailure.class),
          AuditSettings.OnFailure.REFUSE,
          "refuse",
          "`continue` lets calls pass unrecorded while the log cannot be written; it is said at start and marked in the log.");
  static final Key<AuditSettings.Payloads> PAYLOADS =
      Key.of(
              "payloads",
              oneOf(AuditSettings.Payloads.class),
              AuditSettings.Payloads.REDACTED,
              "redacted",
              "How much of arguments and results a record holds: the `redacted` text, its `digest`, or `none`.")
          .reloaded();
  static final Key<Duration> RETENTION =
      Key.optional(
          "retention",
          TIME,
          "everything is kept",
          "How long records are kept, such as `400d`, at least `1d`: once a day, whole bundles of 256 older ones are dropped. A legal hold comes first, and what was dropped stands in the log: [audit](audit.md).");
  static final Key<Map<String, Section>> EXPORT =
      Key.of(
          "export",
          new Named<>("names of receivers, each with one kind and its keys", SinkTable.SINK),
          Map.of(),
          "none",
          "Receivers the log is sent on to, by name; each has one of the kinds below. At least once, in order, never in the way of a call. The name stands in the cursor's file and in metrics: [audit](audit.md).");
  static final Key<Section> AUDIT =
      Key.group(
          "audit",
          "Where and how firmly the record of every call is kept.",
          DIRECTORY,
          DURABILITY,
          ON_FAILURE,
          PAYLOADS,
          RETENTION,
          EXPORT,
          AnchorTable.ANCHORS);

  // identity
  static final Key<IdentitySettings.Anonymous> ANONYMOUS =
      Key.of(
          "anonymous",
          oneOf(IdentitySettings.Anonymous.class),
          IdentitySettings.Anonymous.LOOPBACK,
          "loopback",
          "Whether a caller without a key is let in: `loopback` if the connection comes from this machine, or `never`.");
  static final Key<String> KEY_ID =
      Key.optional("id", TEXT, "required", "The principal's name in policies and the audit log.");
  static final Key<String> KEY_SHA256 =
      Key.optional(
          "sha256",
          TEXT,
          "required",
          "SHA-256 of the key, 64 hex digits; `outrider key new` prints it.");
  static final Key<List<String>> KEY_ROLES =
      Key.of(
          "roles",
          Listing.of(TEXT),
          List.of(),
          "none",
          "Given to policies as `input.principal.roles`.");
  static final Key<List<String>> KEY_GROUPS =
      Key.of(
          "groups",
          Listing.of(TEXT),
          List.of(),
          "none",
          "Given to policies as `input.principal.groups`.");
  static final Key<List<Section>> API_KEYS =
      Key.of(
          "api_keys",
          new Listing<>(
              new Group(List.of(KEY_ID, KEY_SHA256, KEY_ROLES, KEY_GROUPS)),
              false,
              "a list of keys with id and sha256"),
          List.of(),
          "none",
          "Keys accepted as `Authorization: Bearer KEY`, by their digest.");
  static final Key<Section> IDENTITY = Key.group("identity", "Who may call.", ANONYMOUS, API_KEYS);

  // admin
  static final Key<Boolean> ADMIN_ENABLED =
      Key.of("enabled", SWITCH, true, "true", "false opens no admin port.");
  static final Key<Address> ADMIN_ADDRESS =
      Key.of(
          "address",
          HOST_PORT,
          new Address(AdminSettings.DEFAULT_HOST, AdminSettings.DEFAULT_PORT),
          "127.0.0.1:9090",
          "Where `/health/live`, `/health/ready`, `/metrics` and `/console/` are served.");
  static final Key<Path> ADMIN_TLS_CLIENT_CA =
      Key.optional(
          "client_ca",
          PATH,
          "no client certificates",
          "PEM file; when given, whoever connects must show a certificate signed by one of these, probes and scrapers too.");
  static final Key<Section> ADMIN_TLS =
      Key.group(
          "tls",
          "TLS of the admin port. Without it the port speaks plain HTTP.",
          TLS_CERT,
          TLS_KEY,
          ADMIN_TLS_CLIENT_CA);
  static final Key<Boolean> CONSOLE_ENABLED =
      Key.of("enabled", SWITCH, true, "true", "false serves no console.");
  static final Key<String> TOKEN_ID =
      Key.optional("id", TEXT, "required", "The reviewer's name in the audit log.");
  static final Key<String> TOKEN_SHA256 =
      Key.optional(
          "sha256",
          TEXT,
          "required",
          "SHA-256 of the token, 64 hex digits; `outrider key new` prints it.");
  static final Key<List<Section>> TOKENS =
      Key.of(
          "tokens",
          new Listing<>(
              new Group(List.of(TOKEN_ID, TOKEN_SHA256)),
              false,
              "a list of tokens with id and sha256"),
          List.of(),
          "none",
          "Who may look. Without any, everybody who reaches a loopback `address`; at another address nobody.");
  static final Key<Section> CONSOLE =
      Key.group(
          "console",
          "The page `/console/` where the audit log is read: [reviewer](reviewer.md).",
          CONSOLE_ENABLED,
          TOKENS);
  static final Key<Section> ADMIN =
      Key.group(
          "admin",
          "Health, metrics and the console.",
          ADMIN_ENABLED,
          ADMIN_ADDRESS,
          ADMIN_TLS,
          CONSOLE);

  // timeouts
  static final Key<Duration> CONNECT =
      Key.of(
          "connect",
          TIME,
          TimeoutSettings.DEFAULT_CONNECT,
          "10s",
          "Until a server accepts a connection, or a started one answers its first message.");
  static final Key<Duration> IDLE =
      Key.of(
          "idle",
          TIME,
          TimeoutSettings.DEFAULT_IDLE,
          "5m",
          "Between two signs of life of a call: a response, an event, a progress notification.");
  static final Key<Duration> ABSOLUTE =
      Key.of(
          "absolute",
          TIME,
          TimeoutSettings.DEFAULT_ABSOLUTE,
          "1h",
          "Of a whole call, signs of life or not.");
  static final Key<Duration> SESSION =
      Key.of(
          "session",
          TIME,
          TimeoutSettings.DEFAULT_SESSION,
          "30m",
          "Without any message before a session ends.");
  static final Key<Duration> KEEP_ALIVE =
      Key.of(
          "keep_alive",
          TIME,
          TimeoutSettings.DEFAULT_KEEP_ALIVE,
          "15s",
          "Between two comments on an otherwise silent event stream.");
  static final Key<Duration> DRAIN =
      Key.of(
          "drain",
          TIME,
          TimeoutSettings.DEFAULT_DRAIN,
          "25s",
          "Given to running calls after SIGTERM.");
  static final Key<Section> TIMEOUTS =
      Key.group(
          "timeouts",
          "How long things may take.",
          CONNECT,
          IDLE,
          ABSOLUTE,
          SESSION,
          KEEP_ALIVE,
          DRAIN);

  // sizes
  static final Key<Integer> MAX_BODY =
      Key.of("max_body", BYTES, SizeSettings.DEFAULT_MAX_BODY, "4MiB", "An HTTP request body.");
  static final Key<Integer> MAX_MESSAGE =
      Key.of(
          "max_message",
          BYTES,
          SizeSettings.DEFAULT_MAX_MESSAGE,
          "16MiB",
          "One message from a server: a response body, an event, a line on stdout.");
  static final Key<Integer> MAX_DEPTH =
      Key.of(
          "max_depth",
          number(1, 500),
          SizeSettings.DEFAULT_MAX_DEPTH,
          "64",
          "Nesting of arrays and objects in a message.");
  static final Key<Integer> MAX_HEADERS =
      Key.of(
          "max_headers",
          BYTES,
          SizeSettings.DEFAULT_MAX_HEADERS,
          "64KiB",
          "All headers of a request together.");
  static final Key<Integer> OFF_LOOP =
      Key.of(
          "off_loop",
          BYTES,
          SizeSettings.DEFAULT_OFF_LOOP,
          "256KiB",
          "A larger message is judged on a worker thread, so that it does not hold up the others.");
  static final Key<Section> SIZES =
      Key.group(
          "sizes",
          "How large messages may be.",
          MAX_BODY,
          MAX_MESSAGE,
          MAX_DEPTH,
          MAX_HEADERS,
          OFF_LOOP);

  static final Group ROOT =
      new Group(
          List.of(
              LISTEN, UPSTREAMS, POLICY, REDACTION, LIMITS, AUDIT, IDENTITY, ADMIN, TIMEOUTS,
              SIZES));

  private ConfigTable() {}
}
