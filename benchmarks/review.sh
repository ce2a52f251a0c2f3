#!/bin/bash
# Measures the reviewer's index: how quickly it is built, its size, and searches over many records. The records are made up as they are read.
#
#   benchmarks/review.sh [-n records] [-b]
#
#   -n 10000000   records; the index takes about 100 bytes of disk for each, in benchmarks/target
#   -b            do not build: benchmarks/target/benchmarks.jar is there
#
# Needs JDK 25. Ends with exit code 1 when searches take longer than their goal. Above a load average of about 1 something else was running.
set -euo pipefail

records=10000000 build=yes
while getopts n:b option; do
  case $option in
    n) records=$OPTARG ;; b) build=no ;;
    *) sed -n '2,9p' "$0" >&2; exit 2 ;;
  esac
done
here=$(cd "$(dirname "$0")" && pwd)
if [ $build = yes ]; then
  (cd "$here/.." && mvn -q -B -ntp -P benchmarks -pl benchmarks -am -DskipTests package)
fi
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" --enable-native-access=ALL-UNNAMED -Xmx1g -cp "$here/target/benchmarks.jar" \
  io.outrider.benchmarks.ReviewTable "$here/target/review-index" "$records"
