#!/usr/bin/env bash
# Sends the audit log to receivers nobody here wrote, and compares every record: rsyslog over TLS, and S3 by moto with Object Lock, whose bucket is
# then verified as a log of its own.
#
#   e2e/receivers.sh [calls]        default: 200
#
# Needs rsyslogd with its gtls driver (Debian: rsyslog-gnutls), moto_server (pip install 'moto[server]'), openssl, curl, python3. Everything
# listens on loopback and ends with the script.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD calls=${1:-200} patience=${PATIENCE:-120}
for tool in rsyslogd moto_server openssl curl python3; do command -v "$tool" >/dev/null || { echo "$tool: not found" >&2; exit 2; }; done
work=$(mktemp -d)
pids=()
trap 'for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"' EXIT
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
until_true() { for ((i = 0; i < patience * 4; i++)); do if "$@" >/dev/null 2>&1; then return; fi; sleep 0.25; done; echo "did not happen within $patience s: $*" >&2; exit 1; }

# An authority, and a certificate for the receiver of syslog.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout "$work/ca.key" -out "$work/ca.pem" 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$work/key.pem" -out "$work/csr.pem" 2>/dev/null
openssl x509 -req -in "$work/csr.pem" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 2 \
  -extfile <(echo subjectAltName=DNS:localhost,IP:127.0.0.1) -out "$work/cert.pem" 2>/dev/null
syslog=$(port) s3=$(port) mcp=$(port)
cat >"$work/rsyslog.conf" <<EOF
global(workDirectory="$work" maxMessageSize="64k"
       defaultNetstreamDriverCAFile="$work/ca.pem" defaultNetstreamDriverCertFile="$work/cert.pem" defaultNetstreamDriverKeyFile="$work/key.pem"
       parser.escapeControlCharactersOnReceive="off")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="line" type="string" string="%app-name% %msgid% %structured-data% %msg%\n")
ruleset(name="audit") { action(type="omfile" file="$work/syslog.txt" template="line") }
input(type="imtcp" address="127.0.0.1" port="$syslog" ruleset="audit")
EOF
rsyslogd -n -f "$work/rsyslog.conf" -i "$work/rsyslog.pid" >"$work/rsyslog.log" 2>&1 & pids+=($!)
moto_server -H 127.0.0.1 -p "$s3" >"$work/moto.log" 2>&1 & pids+=($!)
until_true curl -fs -o /dev/null "http://127.0.0.1:$s3/moto-api/data.json"
curl -fs -o /dev/null -X PUT -H 'x-amz-bucket-object-lock-enabled: true' "http://127.0.0.1:$s3/evidence"

# A server to call, and Outrider in front of it.
cat >"$work/server.py" <<'EOF'
import http.server, json, sys
class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = b""
        if "id" in asked:
            result = {"content": [{"type": "text", "text": "done"}]}
            if asked["method"] == "initialize":
                result = {"protocolVersion": asked["params"]["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": {"name": "s", "version": "1"}}
            body = json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}).encode()
        self.send_response(200 if body else 202)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Server).serve_forever()
EOF
python3 "$work/server.py" "$mcp" & pids+=($!)
mkdir "$work/policies"; printf 'package outrider\n\nallow := true\n' >"$work/policies/p.rego"
printf id >"$work/id"; printf secret >"$work/secret"
cat >"$work/outrider.yaml" <<EOF
listen: { address: "127.0.0.1:0" }
admin: { address: "127.0.0.1:0" }
upstreams: { it: { url: "http://127.0.0.1:$mcp/mcp" } }
policy: { bundles: [ "$work/policies" ] }
audit:
  directory: $work/log
  export:
    syslog: { syslog: { address: "localhost:$syslog", ca: $work/ca.pem } }
    mirror:
      s3:
        bucket: evidence
        prefix: proxy-1/
        region: eu-central-1
        endpoint: "http://127.0.0.1:$s3"
        path_style: true
        interval: 1s
        access_key: "\${file:$work/id}"
        secret_key: "\${file:$work/secret}"
        object_lock: { mode: governance, retain: 1d }
EOF
OUTRIDER_AOT=off ./outrider run -c "$work/outrider.yaml" 2>"$work/outrider.log" & outrider=$!; pids+=($outrider)
until_true grep -q 'listening url=' "$work/outrider.log"
url=$(sed -n 's/.*listening url=\(http:[^ ]*\).*/\1/p' "$work/outrider.log" | head -1)/mcp
post() { curl -fs -D "$work/head" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' "$@"; }
post -d '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"receivers.sh","version":"1"}}}' "$url" >/dev/null
session=$(sed -n 's/^mcp-session-id: *\([^\r]*\).*/\1/ip' "$work/head")
post -H "Mcp-Session-Id: $session" -d '{"jsonrpc":"2.0","method":"notifications/initialized"}' "$url" >/dev/null
for ((i = 1; i <= calls; i++)); do
  printf -- '-s\n-o /dev/null\nurl = "%s"\nheader = "Content-Type: application/json"\nheader = "Accept: application/json, text/event-stream"\nheader = "Mcp-Session-Id: %s"\ndata = "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":%d,\\"method\\":\\"tools/call\\",\\"params\\":{\\"name\\":\\"t%d – \\\\u202e\\",\\"arguments\\":{}}}"\nnext\n' "$url" "$session" "$i" "$i"
done | sed '$d' >"$work/calls"
curl -K "$work/calls" >/dev/null
# moto looks whether there is a signature, not whether it is right.
signed='Authorization: AWS4-HMAC-SHA256 Credential=id/20260101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=0'
bucket=http://127.0.0.1:$s3/evidence
# A busy machine may have refused some calls; whatever the log has, the receivers must get.
has_all() {
  local now; now=$(sed -n 2p "$work/log/checkpoint")
  [ "$now" -gt "$calls" ] && [ "$(curl -fs -H "$signed" "$bucket/proxy-1/checkpoint" | sed -n 2p)" -ge "$now" ] && [ "$(wc -l <"$work/syslog.txt")" -ge "$now" ]
}
until_true has_all
least=$(sed -n 2p "$work/log/checkpoint")
kill "$outrider"; wait "$outrider" || true

# Every record of the log, at each receiver; those of the end may be left for the next start.
OUTRIDER_AOT=off ./outrider audit verify -d "$work/log" || exit 1
size=$(sed -n 2p "$work/log/checkpoint")
python3 - "$work" "$size" "$bucket" "$signed" "$least" <<'EOF'
import pathlib, re, struct, sys, urllib.parse, urllib.request, xml.etree.ElementTree as tree
work, size, bucket, least = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[5])
signed = dict([sys.argv[4].split(": ", 1)])
leaves = []
for name in sorted((work / "log/tile/entries").rglob("*")):
    if name.is_file() and (".p" not in str(name) or str(name).endswith(f".p/{size % 256}")):
        data = name.read_bytes()
        while data:
            (length,) = struct.unpack(">H", data[:2]); leaves.append(data[2:2 + length]); data = data[2 + length:]
assert len(leaves) == size, (len(leaves), size)
got = {}
for line in (work / "syslog.txt").read_bytes().splitlines():
    match = re.match(rb'outrider \S+ \[outrider@32473 origin="[^"]*" index="(\d+)"\] ?(.*)$', line, re.S)
    assert match, line
    got.setdefault(int(match[1]), match[2].strip())
same = sum(got.get(i) == leaf for i, leaf in enumerate(leaves[:len(got)]))
print(f"rsyslog over TLS: {same} of {size} records, byte for byte")
assert same == len(got) >= least, next((i, leaf, got.get(i)) for i, leaf in enumerate(leaves) if got.get(i) != leaf)

def get(url):
    with urllib.request.urlopen(urllib.request.Request(url, headers=signed)) as answer:
        return answer.read(), answer.headers
locked, token, space = 0, None, "{http://s3.amazonaws.com/doc/2006-03-01/}"
while token != "":
    query = {"list-type": "2", "prefix": "proxy-1/"} | ({"continuation-token": token} if token else {})
    page = tree.fromstring(get(f"{bucket}?{urllib.parse.urlencode(query)}")[0])
    for key in page.iter(space + "Key"):
        body, headers = get(f"{bucket}/{key.text}")
        assert headers["x-amz-object-lock-mode"] == "GOVERNANCE" and headers["x-amz-object-lock-retain-until-date"], (key.text, dict(headers))
        locked += 1
        file = work / "mirror" / key.text.removeprefix("proxy-1/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    token = page.findtext(space + "NextContinuationToken") or ""
print(f"moto S3: {locked} objects, each with mode GOVERNANCE and a date")
EOF
# What the bucket holds, published: a log at an URL.
web=$(port)
python3 -m http.server --bind 127.0.0.1 --directory "$work/mirror" "$web" >"$work/web.log" 2>&1 & pids+=($!)
until_true curl -fs -o /dev/null "http://127.0.0.1:$web/checkpoint"
[ "$(sed -n 2p "$work/mirror/checkpoint")" -ge "$least" ] || { echo "the mirror lacks records" >&2; exit 1; }
OUTRIDER_AOT=off ./outrider audit verify --key "$(cat "$work/log/log.vkey")" "http://127.0.0.1:$web/" || { echo "the mirror does not verify" >&2; exit 1; }
echo "receivers: $calls calls, $size records, $least and more of them at each"
