#!/bin/sh
# Puts everything Outrider needs to run into one folder: a Java runtime of only the modules it uses (jlink), the distribution, and a
# start-up cache made for exactly that runtime.
#
#   docker/runtime.sh DISTRIBUTION OUT      JAVA_HOME names the JDK 25 to take the runtime from
set -eu
[ $# -eq 2 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
dist=$1 out=$2
: "${JAVA_HOME:?the JDK 25 to take the runtime from}"
[ -d "$dist/lib" ] || { echo "runtime.sh: no lib in $dist (expected: the distribution, app/target/outrider)" >&2; exit 2; }
[ ! -e "$out" ] || { echo "runtime.sh: $out exists (expected: a new folder)" >&2; exit 2; }

# java.base and what the jars ask for; unsupported: Unsafe, which Netty uses; crypto.ec: TLS; httpserver: the admin port.
modules=java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml
modules=$modules,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.unsupported,jdk.zipfs

mkdir -p "$out"
cp -R "$dist/." "$out/"
rm -f "$out/outrider.aot"
"$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-debug --no-man-pages --no-header-files --compress zip-6 --output "$out/jre"

# The cache is valid for this runtime and this class path only, so it is made here and not copied. The launcher starts without it as well.
if OUTRIDER_JAVA="$out/jre" "$out/bin/outrider" version >&2; then
  OUTRIDER_JAVA="$out/jre" "$out/bin/outrider" aot-cache || echo 'runtime.sh: starts are slower' >&2
else
  echo "runtime.sh: the runtime does not start" >&2
  exit 1
fi
