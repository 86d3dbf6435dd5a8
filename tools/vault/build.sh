#!/usr/bin/env bash
# Builds Vault, with kv and kubernetes only, from the pinned source: build.sh OUT
set -euo pipefail

out=${1:?usage: build.sh OUT}
mkdir -p "$(dirname "$out")"
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")
cd "$(dirname "${BASH_SOURCE[0]}")"

# An interrupted build leaves nothing under the program's name; Go's own cache makes the next one go on where it stopped.
CGO_ENABLED=0 go build -v -trimpath -ldflags "-s -w" -o "$out.partial" .
mv "$out.partial" "$out"
