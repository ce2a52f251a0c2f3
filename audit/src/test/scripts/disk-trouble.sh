#!/bin/bash
# Gives a writing process a real disk that gets into trouble, and holds the log to what it had acknowledged. Needs root, loop devices and xfs_io.
#
#   audit/src/test/scripts/disk-trouble.sh [rounds]        default: 3
#
#   full      the disk fills up; after there is room again the log must open without repair
#   gone      the file system shuts down at once (every operation fails, what it had not written is lost), and is mounted again
#   deleted   the journal is removed under the log; it must stop, and must not open as if nothing had happened
#
# In each the writer must refuse (exit 3), not go on and not hang. AUDIT_CP=class:path spares it Maven.
set -uo pipefail
. "$(dirname "$0")/lib.sh"
rounds=${1:-3}
[ "$(id -u)" = 0 ] || { echo "needs root, to mount" >&2; exit 2; }
command -v xfs_io > /dev/null || { echo "xfs_io: not found (it comes with xfsprogs)" >&2; exit 2; }
work=$(mktemp -d); mkdir "$work/disk"
cleanup() { kill -KILL ${pid:-} 2> /dev/null; wait; umount "$work/disk" 2> /dev/null; rm -rf "$work"; }
trap cleanup EXIT
bad=0 acknowledged=0
fail() { bad=$((bad + 1)); echo "FAILED: $1"; tail -3 "$work/err"; }
fresh() { # size
  umount "$work/disk" 2> /dev/null
  rm -f "$work/image"; truncate -s "$1" "$work/image"
  mkfs.ext4 -q -J size=4 "$work/image" && mount -o loop "$work/image" "$work/disk" || { echo "cannot mount a loop device" >&2; exit 2; }
}
start() { (writer "$work/disk/log" "$1" 8 1000000) > "$work/said" 2> "$work/err" & pid=$!; }
speaking() { for ((i = 0; i < 1200; i++)); do [ "$(wc -l < "$work/said")" -gt "$1" ] && return; kill -0 $pid 2> /dev/null || return; sleep 0.05; done; }
refused() { # within 60 s
  for ((i = 0; i < 1200; i++)); do kill -0 $pid 2> /dev/null || break; sleep 0.05; done
  kill -KILL $pid 2> /dev/null && { fail "$1: the writer went on, or hung"; wait $pid 2> /dev/null; pid=; return; }
  wait $pid; local status=$?; pid=
  [ $status = 3 ] || fail "$1: the writer ended with $status (expected: 3, refused)"
}
held() {
  local line
  if line=$(check "$work/disk/log" "$work/said" 2>> "$work/err"); then
    acknowledged=$((acknowledged + $(sed -n 's/^acknowledged \([0-9]*\).*/\1/p' <<< "$line")))
  else
    fail "$1: $line"
  fi
}
for ((round = 0; round < rounds; round++)); do
  fresh 48M
  dd if=/dev/zero of="$work/disk/ballast" bs=1k count=$((28000 + RANDOM % 8000)) 2> /dev/null
  start "full$round"; refused full
  grep -qi "no space\|room" "$work/err" || fail "full: nothing was said about room"
  rm "$work/disk/ballast"; held full

  fresh 96M
  start "gone$round"; speaking $((RANDOM % 400))
  xfs_io -x -c shutdown "$work/disk" || { echo "the file system cannot be shut down" >&2; exit 2; }
  refused gone
  umount "$work/disk" && mount -o loop "$work/image" "$work/disk" || { echo "cannot mount again" >&2; exit 2; }
  held gone

  fresh 96M
  start "deleted$round"; speaking $((100 + RANDOM % 300))
  rm "$work"/disk/log/journal/*.seg
  refused deleted
  if check "$work/disk/log" "$work/said" > "$work/line" 2>&1; then fail "deleted: nothing was noticed"; fi
done
echo "disk trouble: $rounds rounds of full, gone, deleted; $acknowledged acknowledged records looked for; refusals came within $(sed -n 's/^refused after \([0-9]*\) ms.*/\1/p' "$work/err" | sort -n | tail -1) ms in the last; $bad failures"
[ $bad = 0 ]
