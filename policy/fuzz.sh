#!/bin/bash
# Lets Jazzer look for inputs on which the policy module throws something other than a diagnostic, or does not end.
#
#   policy/fuzz.sh [-s seconds] [scanner|parser|evaluator|bundle ...]
#
# Starts from the corpora in src/test/resources/io/outrider/policy/fuzz, which `mvn verify` replays; what it finds is kept in target/fuzz. A file that made a
# target fail belongs into the corpus, beside the fix.
set -euo pipefail

seconds=60
while getopts s: option; do
  case $option in
    s) seconds=$OPTARG ;;
    *) sed -n '2,7p' "$0" >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- scanner parser evaluator bundle
cd "$(dirname "$0")"
mvn -q -B -ntp -f .. -P fuzz -pl policy -am test-compile dependency:build-classpath -Dmdep.outputFile=target/fuzz.classpath
for target in "$@"; do
  case $target in
    scanner) class=io.outrider.policy.syntax.ScannerFuzz ;;
    parser) class=io.outrider.policy.syntax.ParserFuzz ;;
    evaluator) class=io.outrider.policy.eval.EvaluatorFuzz ;;
    bundle) class=io.outrider.policy.BundleFuzz ;;
    *) echo "target: $target (expected: scanner, parser, evaluator or bundle)" >&2; exit 2 ;;
  esac
  mkdir -p "target/fuzz/$target"
  echo "fuzzing $target for $seconds s"
  nice "${JAVA_HOME:+$JAVA_HOME/bin/}java" --enable-native-access=ALL-UNNAMED -XX:+EnableDynamicAgentLoading \
    -cp "target/test-classes:target/classes:$(cat target/fuzz.classpath)" com.code_intelligence.jazzer.Jazzer \
    --target_class="$class" --instrumentation_includes='io.outrider.**' --reproducer_path=target/fuzz \
    -max_total_time="$seconds" -timeout=30 -max_len=20000 -artifact_prefix="target/fuzz/$target-" \
    "target/fuzz/$target" "src/test/resources/io/outrider/policy/fuzz/$target"
done
