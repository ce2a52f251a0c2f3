#!/bin/sh
# Measures redaction alone, by JMH: one thread, CPU time, every figure a ratio within this run.
#
#   benchmarks/redaction.sh [-q]
#
#   -q   quick: shows that it works, its figures mean little
#
# Takes about ten minutes. Needs Java 25 (OUTRIDER_JAVA or JAVA_HOME name another than the one on the PATH) and, the first time, Maven.
set -eu
here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
jar=$here/target/benchmarks.jar
if [ ! -f "$jar" ] || [ -n "$(find "$root/redaction/src/main" "$here/src" -newer "$jar" -type f | head -n 1)" ]; then
  (cd "$root" && mvn -B -q -ntp -P benchmarks -pl benchmarks -am -DskipTests package) >&2
  # Maven leaves a jar alone that would be the same.
  touch "$jar"
fi
java=java
for home in "${JAVA_HOME:-}" "${OUTRIDER_JAVA:-}"; do
  [ -z "$home" ] || java=$home/bin/java
done
printf 'load average %s, %s\n' "$(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)" "$("$java" -version 2>&1 | head -n 1)"
exec "$java" -Doutrider.root="$root" -cp "$jar" io.outrider.benchmarks.RedactionTable "$@"
