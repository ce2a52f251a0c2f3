#!/usr/bin/env bash
# Records what the real opa makes of each module here. Needs opa 1.22 on the PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for file in *.rego; do
  opa fmt "$file" >"${file%.rego}.expected"
done
