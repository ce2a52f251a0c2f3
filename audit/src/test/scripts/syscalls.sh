#!/bin/bash
# Lets system calls of a writing process fail, one at a time, and holds the log to what it had acknowledged.
#
#   audit/src/test/scripts/syscalls.sh [occurrence ...]        default: 1 2 3 5 8 13 21 34
#
# Each of pwrite64, fdatasync, fsync, rename, unlink, openat (in the log's folder) fails with EIO, ENOSPC, EINTR, or kills the process, at each
# occurrence. A writer may go on (EINTR), refuse everything from then on (exit 3) or die (137); what it acknowledged before must be there
# afterwards, every call must have an outcome, and the verifier must find nothing. Needs strace. AUDIT_CP=class:path spares it Maven.
set -uo pipefail
. "$(dirname "$0")/lib.sh"
command -v strace > /dev/null || { echo "strace: not found" >&2; exit 2; }
occurrences=("${@:-}"); [ -n "${occurrences[0]}" ] || occurrences=(1 2 3 5 8 13 21 34)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
# A log that is there already, so that not only its making is hit.
(writer "$work/before.log" "before" 2 5) > "$work/before" 2> "$work/err" || { echo "cannot write at all:"; cat "$work/err"; exit 2; }
runs=0 bad=0 acknowledged=0 died=0 refused=0
for call in pwrite64 fdatasync fsync rename unlink openat; do
  for fault in error=EIO error=ENOSPC error=EINTR signal=KILL; do
    for at in "${occurrences[@]}"; do
      log=$work/log; rm -rf "$log"; cp -r "$work/before.log" "$log"
      paths=(); [ $call = openat ] && for p in "$log"/journal/* "$log"/checkpoint.tmp "$log"/state/signed.tmp "$log"/log.vkey; do paths+=(-P "$p"); done
      { (exec strace -f -qq -o /dev/null "${paths[@]}" -e "trace=$call" -e "inject=$call:$fault:when=$at" \
        "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -cp "$AUDIT_CP" io.outrider.audit.ScriptedWriter "$log" run 4 20) > "$work/run" 2> "$work/err"
      status=$?; } 2> /dev/null # the shell's word about a killed child
      case $status in 0) ;; 3) refused=$((refused + 1)) ;; *) died=$((died + 1)) ;; esac
      runs=$((runs + 1))
      if line=$(check "$log" "$work/before" "$work/run" 2>> "$work/err"); then
        acknowledged=$((acknowledged + $(sed -n 's/^acknowledged \([0-9]*\).*/\1/p' <<< "$line")))
      else
        bad=$((bad + 1)); echo "FAILED: $call $fault at $at (writer ended with $status): $line"; tail -5 "$work/err"
      fi
    done
  done
done
echo "system calls: $runs faults ($refused refused from then on, $died died), $acknowledged acknowledged records, $bad failures"
[ $bad = 0 ]
