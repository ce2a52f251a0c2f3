#!/bin/sh
# Measures the audit log beside what disk and processor do in the same second, and prints a table with the goals.
#
#   benchmarks/audit.sh [FOLDER [ROUNDS]]      default: the current folder, 5 rounds; about a minute and 300 MiB there
#
# Ends with exit code 1 when a goal is not met. The ratios hold under some load; above a load average of about 1 expect the tail (p99) and the rates
# of many callers to suffer, since each hand-over between threads waits for a slice.
set -eu
folder=${1:-.}
here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
jar=$here/target/benchmarks.jar
if [ ! -f "$jar" ] || [ -n "$(find "$root/audit/src/main" "$here/src" -newer "$jar" -type f | head -n 1)" ]; then
  (cd "$root" && mvn -B -q -ntp -P benchmarks -pl benchmarks -am -DskipTests package) >&2
  # Maven leaves a jar alone that would be the same.
  touch "$jar"
fi
java=java
for home in "${JAVA_HOME:-}" "${OUTRIDER_JAVA:-}"; do
  [ -z "$home" ] || java=$home/bin/java
done
printf 'load average %s, %s\n\n' "$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)" "$("$java" -version 2>&1 | head -n 1)"
exec "$java" -cp "$jar" io.outrider.benchmarks.AuditTable "$folder" "${2:-5}"
