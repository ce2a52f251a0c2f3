#!/bin/bash
# Measures decisions of the policy engine beside `opa bench`, over the same policies and input, in one run on this machine.
#
#   benchmarks/policy.sh [-s seconds] [-b]
#
#   -s 2   seconds of one measurement; each policy takes six of them, and `opa bench` some more
#   -b     do not build: benchmarks/target/benchmarks.jar is there
#
# Needs opa (OPA=path names another one) and JDK 25. Ends with exit code 1 when a goal is not met. Above a load average of about 1 something else was
# running: the allocations still count, the times do not.
set -euo pipefail

seconds=2 build=yes
while getopts s:b option; do
  case $option in
    s) seconds=$OPTARG ;; b) build=no ;;
    *) sed -n '2,11p' "$0" >&2; exit 2 ;;
  esac
done
here=$(cd "$(dirname "$0")" && pwd)
opa=${OPA:-$(command -v opa || echo "$HOME/go/bin/opa")}
[ -x "$opa" ] || { echo "opa: not found (set OPA=path)" >&2; exit 2; }
if [ $build = yes ]; then
  (cd "$here/.." && mvn -q -B -ntp -P benchmarks -pl benchmarks -am -DskipTests package)
fi
echo "$("$opa" version | head -1), $("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | head -1)"
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$here/target/benchmarks.jar" io.outrider.benchmarks.PolicyTable "$opa" "$here/target/policy" "$seconds"
