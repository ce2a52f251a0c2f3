#!/bin/bash
# Measures Outrider as a whole, beside nginx as a plain reverse proxy and beside no proxy at all, in one run on this machine.
#
#   benchmarks/proxy.sh [-r rounds] [-s seconds] [-w warm-up seconds] [-c "1 16 64"] [-e legacy|modern] [-n starts] [-o FILE] [-p] [-q]
#
#   -r 5       rounds; each measures every contestant at every number of connections, in turning order; medians are shown
#   -s 5       seconds of one measurement
#   -w 20      seconds of load for each contestant beforehand, thrown away
#   -e legacy  era of the calls: legacy (2025-11-25, with a session) or modern (2026-07-28)
#   -n 7       starts, for the time to the first answer
#   -o FILE    write the report there as well
#   -p         with a peer: a FastMCP proxy that does nothing but pass calls on (from the Python of e2e/setup-runtimes.sh, or FASTMCP=path of one)
#   -q         quick: 1 round of 2 seconds, 1 start; shows that it works, its figures mean little
#
# Everything runs on loopback and ends with the script. Needs cc, curl and wrk; nginx is measured when it is installed.
# Outrider runs from its launcher with the flags users get. OUTRIDER=path uses another launcher, WORK=folder another place for the audit logs (its disk
# counts), BASE_PORT=7700 other ports.
set -euo pipefail

rounds=5 seconds=5 warm=20 connections="1 16 64" era=legacy starts=7 out= peer=
while getopts r:s:w:c:e:n:o:pq option; do
  case $option in
    r) rounds=$OPTARG ;; s) seconds=$OPTARG ;; w) warm=$OPTARG ;; c) connections=$OPTARG ;; e) era=$OPTARG ;;
    n) starts=$OPTARG ;; o) out=$OPTARG ;; p) peer=1 ;; q) rounds=1 seconds=2 warm=5 starts=1 ;;
    *) sed -n '2,16p' "$0" >&2; exit 2 ;;
  esac
done

command_line=benchmarks/proxy.sh
for argument in "$@"; do # quoted where it must be, so that the line can be run again
  case $argument in *[!A-Za-z0-9.,/_-]*) argument="\"$argument\"" ;; esac
  command_line="$command_line $argument"
done
here=$(cd "$(dirname "$0")" && pwd)
outrider=${OUTRIDER:-$here/../outrider}
work=${WORK:-$here/target/proxy}
base=${BASE_PORT:-7700}
results=$work/results.tsv
say() { printf '%s\n' "$*" >&2; }
die() { say "proxy.sh: $*"; exit 2; }

for tool in cc curl wrk; do command -v $tool >/dev/null || die "$tool is not installed (Debian: apt install build-essential curl wrk)"; done
contestants=(direct)
nginx=$(command -v nginx || { [ -x /usr/sbin/nginx ] && echo /usr/sbin/nginx; } || true)
if [ -n "$nginx" ]; then contestants+=(nginx); else say "nginx is not installed: measured without it, so there are no ratios"; fi
contestants+=(outrider-async outrider-group)
fastmcp=${FASTMCP:-$here/../e2e/runtimes/python/.venv/bin/python}
if [ -n "$peer" ]; then
  "$fastmcp" -c 'import fastmcp' 2>/dev/null || die "$fastmcp has no fastmcp (run e2e/setup-runtimes.sh, or set FASTMCP)"
  contestants+=(fastmcp)
fi

# --- what is started here ends here, by its id

pids=()
old=
declare -A pid_of port_of
finish() {
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if [ -n "$old" ]; then rm -rf "$old"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM

# start NAME PORT COMMAND...: runs it in the background until it accepts connections on PORT
start() {
  local name=$1 port=$2; shift 2
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then die "port $port is taken; set BASE_PORT"; fi
  "$@" >"$work/$name.log" 2>&1 &
  pid_of[$name]=$! port_of[$name]=$port
  pids+=("${pid_of[$name]}")
  for _ in $(seq 600); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return; fi
    kill -0 "${pid_of[$name]}" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 5 "$work/$name.log" >&2
  die "$name does not listen on port $port"
}

# What the last run left goes when this one has ended: an ext4 without a journal looks at every name deleted in the last minutes before it makes a new file, and
# the publisher of the audit log would pay for that.
if [ -e "$work" ]; then old=$work.old.$$; mv "$work" "$old"; fi
mkdir -p "$work/bin" "$work/policies"
work=$(cd "$work" && pwd)
for program in backend fdatasync first-answer; do cc -O2 -pthread -o "$work/bin/$program" "$here/load/$program.c"; done

# The policies an operator would take: the starter with what this load may call, and the guards for paths, SQL and shell.
cp -r "$here/../policies/"{starter,paths,sql,shell} "$work/policies/"
cp "$here/policy/settings.rego" "$work/policies/starter/settings.rego"
rm -f "$work"/policies/*/*_test.rego

# configuration NAME PORT DURABILITY: the limits are high so that nothing waits for its turn
configuration() {
  cat >"$work/$1.yaml" <<YAML
listen: { address: "127.0.0.1:$2" }
upstreams: { bench: { url: "http://127.0.0.1:$base/mcp" } }
policy: { bundles: [policies] }
limits: { concurrency: { per_upstream: 1024, per_tool: 1024, per_principal: 1024, queue: 1024 } }
audit: { directory: "audit-$1", durability: $3 }
admin: { address: "127.0.0.1:$(($2 + 10))" }
YAML
}
configuration outrider-async $((base + 2)) async
configuration outrider-group $((base + 3)) group
configuration start $((base + 4)) group

nginx_configuration() {
  cat <<CONF
worker_processes 1;
daemon off;
pid $work/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path $work/nginx-temp;
  proxy_temp_path $work/nginx-temp; fastcgi_temp_path $work/nginx-temp; scgi_temp_path $work/nginx-temp; uwsgi_temp_path $work/nginx-temp;
  upstream bench { server 127.0.0.1:$base; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:$((base + 1));
    keepalive_requests 1000000000;
    location / { proxy_pass http://bench; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
CONF
}

start direct "$base" "$work/bin/backend" -p "$base"
if [ -n "$nginx" ]; then
  nginx_configuration >"$work/nginx.conf"
  start nginx $((base + 1)) "$nginx" -e stderr -p "$work" -c "$work/nginx.conf"
fi
start outrider-async $((base + 2)) "$outrider" run -c "$work/outrider-async.yaml"
start outrider-group $((base + 3)) "$outrider" run -c "$work/outrider-group.yaml"

if [ -n "$peer" ]; then start fastmcp $((base + 5)) "$fastmcp" "$here/load/fastmcp-proxy.py" "http://127.0.0.1:$base/mcp" "$((base + 5))"; fi

# --- measuring

# ticks PID: user and system time of a process and its children that are alive, in clock ticks
ticks() {
  local all="$1 $(cat /proc/"$1"/task/*/children 2>/dev/null)" sum=0 p t
  for p in $all; do
    t=$(sed 's/.*) //' "/proc/$p/stat" | awk '{ print $12 + $13 }')
    sum=$((sum + t))
  done
  echo $sum
}

load() { # NAME CONNECTIONS SECONDS
  "$here/load/bench.sh" "http://127.0.0.1:${port_of[$1]}/mcp" "$era" "$3" "$2" | grep '^RESULT' || die "wrk against $1 gave no result"
}
field() { sed "s/.* $2=\([0-9]*\).*/\1/" <<<"$1"; }
hertz=$(getconf CLK_TCK)
bad=0

measure() { # NAME CONNECTIONS
  local before after line requests wrong f
  before=$(ticks "${pid_of[$1]}")
  line=$(load "$1" "$2" "$seconds")
  after=$(ticks "${pid_of[$1]}")
  requests=$(field "$line" requests)
  wrong=0
  for f in non2xx connect read write timeout; do wrong=$((wrong + $(field "$line" $f))); done
  [ "$wrong" = 0 ] || { say "  $1 at $2: $wrong requests failed: $line"; bad=$((bad + wrong)); }
  [ "$requests" -gt 0 ] || die "$1 at $2 connections answered nothing"
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$(field "${line/RESULT/RESULT }" 'req\/s')" "$(field "$line" p50)" "$(field "$line" p99)" \
    "$(awk -v t=$((after - before)) -v h="$hertz" -v n="$requests" 'BEGIN { printf "%.1f", t * 1e6 / h / n }')" >>"$results"
}

probe() { "$work/bin/fdatasync" "$work/fdatasync.probe" 200 1024 >>"$work/fdatasync.tsv"; }

say "warm-up: $warm s for each of ${contestants[*]}"
for name in "${contestants[@]}"; do
  # Most of it with many connections, where the compiler learns fastest, the rest as the measurements will be.
  load "$name" 64 $((warm * 3 / 4 + 1)) >/dev/null
  load "$name" 1 $((warm / 4 + 1)) >/dev/null
done
for round in $(seq "$rounds"); do
  say "round $round of $rounds"
  probe
  for c in $connections; do
    for i in "${!contestants[@]}"; do
      measure "${contestants[(i + round) % ${#contestants[@]}]}" "$c"
    done
  done
done

# That the audit was on: two records for each call, from the proxy's own counters.
records=
for name in outrider-async outrider-group; do
  n=$(curl -s -m 10 "http://127.0.0.1:$((port_of[$name] + 10))/metrics" | awk '$1 ~ /^outrider_audit_records/ { printf "%d", $2 }' || true)
  records="$records${records:+, }$name ${n:-unknown}"
done
calls=$(curl -s -m 10 "http://127.0.0.1:$base/stats" | sed 's/.*"tools_call":\([0-9]*\).*/\1/')
loaded=$(awk '/^VmRSS/ { print int($2 / 1024 + 0.5) }' "/proc/${pid_of[outrider-group]}/status")

# --- the start, with everything else idle

say "start: $starts times"
home=$(dirname "$outrider")/app/target/outrider
[ -d "$home" ] || home=$(dirname "$(dirname "$outrider")")
for _ in $(seq 600); do [ -f "$home/outrider.aot" ] && [ ! -d "$home/aot.lock" ] && break; sleep 0.1; done
cache=with; [ -f "$home/outrider.aot" ] || cache=without
for _ in $(seq "$starts"); do
  "$work/bin/first-answer" -i 3 $((base + 4)) "$outrider" run -c "$work/start.yaml" >>"$work/start.tsv" 2>>"$work/start.log" \
    || { tail -n 5 "$work/start.log" >&2; die "Outrider did not start"; }
done

# --- the report

# median COLUMN: of the lines on stdin
median() { awk -v c="$1" '{ print $c }' | sort -g | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
of() { awk -F'\t' -v n="$1" -v c="$2" '$1 == n && $2 == c' "$results" | median "$3"; } # NAME CONNECTIONS COLUMN
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "–" }'; }
verdict() { awk -v v="$1" -v g="$2" 'BEGIN { print v == "" ? "not measured" : v <= g ? "met" : "**missed**" }'; }

sync50=$(median 1 <"$work/fdatasync.tsv") sync99=$(median 2 <"$work/fdatasync.tsv")
first=$(median 1 <"$work/start.tsv") idle=$(median 2 <"$work/start.tsv" | awk '{ print int($1 / 1024 + 0.5) }')

called() {
  case $1 in
    outrider-*) echo "Outrider, audit ${1#outrider-}" ;;
    fastmcp) echo "FastMCP $("$fastmcp" -c 'import fastmcp; print(fastmcp.__version__)') proxy, no policy, redaction or audit" ;;
    *) echo "$1" ;;
  esac
}

report() {
  echo "Measured $(date -u +%Y-%m-%d) by \`$command_line\` on $(nproc) × $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), Linux $(uname -r | cut -d- -f1),"
  echo "Java $("$outrider" --version 2>/dev/null | grep -io 'java [0-9.+a-z]*' | head -n 1 | cut -d' ' -f2 || echo 25)${nginx:+, $("$nginx" -v 2>&1 | sed 's/.*nginx.//; s/^/nginx /')}, load average $(cut -d' ' -f1 /proc/loadavg) at the end. Medians of $rounds rounds of $seconds s; $era calls of"
  echo "142 bytes, answers of 98 bytes. Policy (starter and the guards for paths, SQL, shell), redaction in both directions and audit are on."
  echo
  echo "| Connections | | requests/s | p50 µs | p99 µs | CPU µs per request | requests/s to nginx | CPU to nginx |"
  echo "|--:|---|--:|--:|--:|--:|--:|--:|"
  local c name cpu
  for c in $connections; do
    for name in "${contestants[@]}"; do
      cpu=$(of "$name" "$c" 6)
      local rps_ratio=– cpu_ratio=–
      if [ -n "$nginx" ] && [ "$name" != direct ]; then
        rps_ratio=$(ratio "$(of "$name" "$c" 3)" "$(of nginx "$c" 3)")
        cpu_ratio=$(ratio "$cpu" "$(of nginx "$c" 6)")
      fi
      [ "$name" = direct ] && cpu=–
      echo "| $c | $(called "$name") | $(of "$name" "$c" 3) | $(of "$name" "$c" 4) | $(of "$name" "$c" 5) | $cpu | $rps_ratio | $cpu_ratio |"
    done
  done
  echo
  echo "| | goal | measured | |"
  echo "|---|---|---|---|"
  if [ -n "$nginx" ] && [[ " $connections " == *" 1 "* ]]; then
    local added asy grp goal
    added=$(awk -v a="$(of nginx 1 4)" -v d="$(of direct 1 4)" 'BEGIN { print a - d }')
    asy=$(awk -v a="$(of outrider-async 1 4)" -v d="$(of direct 1 4)" 'BEGIN { print a - d }')
    grp=$(awk -v a="$(of outrider-group 1 4)" -v d="$(of direct 1 4)" 'BEGIN { print a - d }')
    goal=$(awk -v a="$added" 'BEGIN { printf "%.0f", 1.5 * a }')
    echo "| added p50, 1 connection, audit async | at most 1.5 × nginx's $added µs = $goal µs | $asy µs = $(ratio "$asy" "$added") × | $(verdict "$asy" "$goal") |"
    goal=$(awk -v a="$added" -v s="$sync50" 'BEGIN { printf "%.0f", 1.5 * a + 1.5 * s }')
    echo "| added p50, 1 connection, audit group | at most that and 1.5 fdatasync = $goal µs | $grp µs | $(verdict "$grp" "$goal") |"
  fi
  if [ -n "$nginx" ] && [[ " $connections " == *" 64 "* ]]; then
    local r
    for name in outrider-async outrider-group; do
      r=$(ratio "$(of $name 64 6)" "$(of nginx 64 6)")
      echo "| CPU per request, 64 connections, ${name/outrider-/audit } | at most 2 × nginx | $r × | $(verdict "$r" 2) |"
    done
  fi
  echo "| start to first answer, $cache AOT cache (median of $starts) | under 600 ms | $first ms | $(verdict "$first" 600) |"
  echo "| resident memory, idle 3 s after the first answer | under 120 MiB | $idle MiB | $(verdict "$idle" 120) |"
  echo
  echo "fdatasync of 1 KiB on the disk of the logs, preallocated: p50 $sync50 µs, p99 $sync99 µs. Resident memory after the load, audit group: $loaded MiB."
  echo "Records in the audit logs: $records; calls the backend saw: $calls. Requests that failed: $bad."
}

report | tee ${out:+"$out"}
[ "$bad" = 0 ]
