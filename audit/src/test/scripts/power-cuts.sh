#!/bin/bash
# Cuts the power, as far as a file system can tell: stops a writing process, copies the image its file system lives in (what had not been flushed
# is not in it), mounts the copy and looks for every record that was acknowledged. Needs root and loop devices.
#
#   audit/src/test/scripts/power-cuts.sh [cuts] [mutant] [ext4|xfs|btrfs]        default: 50 none ext4
#
# With a mutant (no-force, early-ack, no-folder-force; see CarelessFiles) it is the other way round: at least one cut must lose something, or the
# test proves nothing. AUDIT_CP=class:path spares it Maven. Where TMPDIR can clone files (xfs, btrfs) the copy is of one moment; elsewhere the file
# system may write on while it is copied, which a journal survives and btrfs does not.
set -uo pipefail
. "$(dirname "$0")/lib.sh"
cuts=${1:-50} mutant=${2:-none} fs=${3:-ext4}
[ "$(id -u)" = 0 ] || { echo "needs root, to mount" >&2; exit 2; }
work=$(mktemp -d); mkdir "$work/disk" "$work/after"
cleanup() { kill -KILL ${pid:-} 2> /dev/null; wait; umount "$work/after" 2> /dev/null; umount "$work/disk" 2> /dev/null; rm -rf "$work"; }
trap cleanup EXIT
losses=0 acknowledged=0 torn=0 done=0
fresh() {
  umount "$work/disk" 2> /dev/null
  rm -f "$work/image"
  case $fs in
    ext4) truncate -s 96M "$work/image"; mkfs.ext4 -q -J size=4 "$work/image" ;;
    xfs) truncate -s 320M "$work/image"; mkfs.xfs -q "$work/image" ;;
    btrfs) truncate -s 256M "$work/image"; mkfs.btrfs -q "$work/image" 2> /dev/null ;;
    *) echo "file system: $fs (expected: ext4, xfs or btrfs)" >&2; exit 2 ;;
  esac && mount -o loop "$work/image" "$work/disk" || { echo "cannot make and mount $fs on a loop device" >&2; exit 2; }
  : > "$work/said"
}
for ((cut = 0; cut < cuts; cut++)); do
  # A new disk now and then: the making of a log is hit too, and the disk stays small.
  [ $((cut % 5)) = 0 ] && fresh
  (writer "$work/disk/log" "cut$cut" 8 1000000) > "$work/now" 2> "$work/err" &
  pid=$!
  if [ $((RANDOM % 5)) != 0 ]; then # one in five falls into the opening
    for ((i = 0; i < 600; i++)); do [ -s "$work/now" ] && break; kill -0 $pid 2> /dev/null || break; sleep 0.05; done
  fi
  sleep "0.$((RANDOM % 8))$((RANDOM % 10))"
  kill -STOP $pid 2> /dev/null || { echo "the writer ended by itself:"; cat "$work/err"; exit 2; }
  # On a busy machine the stop takes its time: threads go on, and acknowledge, until the one that got the signal has had its turn.
  for ((i = 0; i < 2000; i++)); do grep -qs '^State:.[^TZ]' /proc/$pid/task/*/status || break; sleep 0.01; done
  cat "$work/said" "$work/now" > "$work/said.cut"
  cp --reflink=always "$work/image" "$work/cut" 2> /dev/null || cp --sparse=always "$work/image" "$work/cut"
  kill -KILL $pid; wait $pid 2> /dev/null; pid=
  # Two file systems with one UUID are told apart by ext4 only.
  [ $fs = ext4 ] || umount "$work/disk"
  mount -o loop "$work/cut" "$work/after" || { echo "the copy cannot be mounted" >&2; exit 2; }
  line="no log yet"; ok=yes
  if [ -d "$work/after/log" ] || grep -q '\.$' "$work/said.cut"; then
    line=$(check "$work/after/log" "$work/said.cut" 2>&1) || ok=no
  fi
  umount "$work/after"; rm -f "$work/cut"
  [ $fs = ext4 ] || mount -o loop "$work/image" "$work/disk" || { echo "the disk cannot be mounted again" >&2; exit 2; }
  acknowledged=$((acknowledged + $(sed -n 's/^acknowledged \([0-9]*\).*/\1/p' <<< "$line" | head -1 || echo 0) + 0))
  t=$(sed -n 's/.* torn \([0-9]*\).*/\1/p' <<< "$line" | head -1); torn=$((torn + ${t:-0}))
  done=$((done + 1))
  [ $ok = yes ] || { losses=$((losses + 1)); echo "cut $cut: $(head -2 <<< "$line")"; }
  # The process was killed, the machine was not: the disk itself goes on with all it was given.
  cat "$work/now" >> "$work/said"
done
echo "power cuts ($fs, mutant $mutant): $done cuts, $acknowledged acknowledged records looked for, $torn torn tails, $losses cuts with losses"
if [ "$mutant" = none ]; then [ $losses = 0 ]; else [ $losses -gt 0 ]; fi
