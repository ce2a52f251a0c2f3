#!/usr/bin/env bash
# Installs what the end-to-end tests talk to, for whichever of Node, Python and Go is on the machine:
#
#   e2e/setup-runtimes.sh                 everything that can be
#   e2e/setup-runtimes.sh node python     only these
#
# Everything lands under e2e/runtimes/, outside target/, so `mvn clean` keeps it. Nothing is done twice: a stamp remembers
# what was asked for, so a second run takes no time and needs no network. A missing tool is named and skipped; a tool that is
# there but fails to install is an error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

OPA_VERSION=v1.22.0
wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(node python go)

say() { printf 'setup-runtimes: %s\n' "$*" >&2; }
wants() { [[ " ${wanted[*]} " == *" $1 "* ]]; }
digest() { cat "$@" | sha256sum | cut -d' ' -f1; }
fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

for one in "${wanted[@]}"; do
  case $one in
    node | python | go) ;;
    *) say "unknown runtime: $one (expected: node, python or go)"; exit 2 ;;
  esac
done

node_runtime() {
  local major stamp=runtimes/node/node_modules/.ready want
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    say 'node: skipped, no node and npm on the PATH'
    return
  fi
  major=$(node -p 'process.versions.node.split(".")[0]')
  if [ "$major" -lt 20 ]; then
    say "node: skipped, version $(node --version) (expected: 20 or newer)"
    return
  fi
  foreign_verifier "$major"
  ln -sfn ../runtimes/node/node_modules fixtures/node_modules
  want="$(digest runtimes/node/package-lock.json) node-$major"
  if fresh "$stamp" "$want"; then
    say 'node: ready'
    return
  fi
  say 'node: npm ci'
  # No install scripts: nothing here needs one, and the tests must not depend on what such a script downloads.
  (cd runtimes/node && npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error)
  echo "$want" >"$stamp"
  say 'node: installed'
}

# Sigstore's verifier, for ForeignVerifyTest of the audit module; apart from the rest, for it needs nothing of that.
foreign_verifier() {
  local stamp=foreign-verify/node/node_modules/.ready want
  want="$(digest foreign-verify/node/package-lock.json) node-$1"
  if ! fresh "$stamp" "$want"; then
    say 'node: npm ci for the foreign verifier'
    (cd foreign-verify/node && npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error)
    echo "$want" >"$stamp"
  fi
}

python_runtime() {
  local venv=runtimes/python/.venv stamp=runtimes/python/.venv/.ready want version
  if ! command -v python3 >/dev/null; then
    say 'python: skipped, no python3 on the PATH'
    return
  fi
  version=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  if ! python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "python: skipped, $version without venv, or too old (expected: 3.11 or newer with the venv module)"
    return
  fi
  want="$(digest runtimes/python/requirements.txt runtimes/python/constraints.txt) python-$version $PWD"
  if fresh "$stamp" "$want"; then
    say 'python: ready'
    return
  fi
  say 'python: venv and pip install'
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-input -r runtimes/python/requirements.txt -c runtimes/python/constraints.txt
  echo "$want" >"$stamp"
  say 'python: installed'
}

go_runtime() {
  local bin=$PWD/runtimes/go/bin stamp=runtimes/go/.ready want
  want="opa $OPA_VERSION, modules $(digest foreign-verify/go.sum)"
  if ! command -v go >/dev/null; then
    say 'go: skipped, no go on the PATH'
    return
  fi
  if fresh "$stamp" "$want" && [ -x "$bin/opa" ]; then
    say 'go: ready'
    return
  fi
  say "go: opa $OPA_VERSION, and the modules of the foreign verifier"
  (cd foreign-verify && go mod download)
  mkdir -p "$bin"
  GOBIN=$bin CGO_ENABLED=0 go install "github.com/open-policy-agent/opa@$OPA_VERSION"
  echo "$want" >"$stamp"
  say 'go: installed'
}

if wants node; then node_runtime; fi
if wants python; then python_runtime; fi
if wants go; then go_runtime; fi
