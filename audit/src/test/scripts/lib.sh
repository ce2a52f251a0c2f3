# Shared by the scripts of this folder: where Java and the test classes are.
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
here=$(cd "$(dirname "$0")" && pwd)
audit=$(cd "$here/../../.." && pwd)
if [ -z "${AUDIT_CP:-}" ]; then
  [ -d "$audit/target/test-classes" ] || { echo "compile first: mvn -q -pl audit test-compile" >&2; exit 2; }
  deps=$audit/target/script.classpath
  [ -f "$deps" ] || (cd "$audit/.." && mvn -q -o -pl audit dependency:build-classpath -Dmdep.outputFile="$deps")
  AUDIT_CP=$audit/target/test-classes:$audit/target/classes:$(cat "$deps")
fi
jvm() { exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -cp "$AUDIT_CP" "$@"; }
writer() { jvm "-Daudit.careless=${mutant:-none}" io.outrider.audit.ScriptedWriter "$@"; }
check() { (jvm io.outrider.audit.ScriptedCheck "$@"); }
