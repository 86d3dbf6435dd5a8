#!/usr/bin/env bash
# Makes sure that the npm packages of this clone are installed, then hands over to tools/cli.ts.
# It is the one step that can't be TypeScript, since without the packages there is nothing to run it with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() { printf 'error: %s\n' "$1" >&2; exit 1; }

command -v node >/dev/null || fail "node is not on PATH; install Node.js 20 or newer (https://nodejs.org)"
[ "$(node -p 'parseInt(process.versions.node)')" -ge 20 ] || fail "node is $(node -v); allowed: 20 or newer"

# The stamp is written last, so that an interrupted install is done again.
wanted=$(cat package.json package-lock.json policy-pack/package.json | cksum)
stamp=node_modules/.installed
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
  echo "npm packages: installing (package-lock.json is new or has changed)"
  start=$SECONDS
  npm ci --no-audit --no-fund --loglevel=error
  printf '%s' "$wanted" >"$stamp"
  echo "npm packages: installed in $((SECONDS - start)) s"
fi

# The packages bring Node.js 24: the same one for everybody, whatever the machine has.
export PATH="$PWD/node_modules/.bin:$PATH"
exec node --import tsx tools/cli.ts "$@"
