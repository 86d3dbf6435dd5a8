#!/usr/bin/env bash
# A base backup: full on Sundays and when there is none, else what changed since. Encrypted and checksummed by pgBackRest;
# a restore takes the latest one. Fails as a whole when any step fails.
set -euo pipefail
pgbackrest="$(dirname "$0")/pgbackrest.sh"
type=incr
if [[ "$(date -u +%u)" == 7 ]]; then type=full; fi
"$pgbackrest" --stanza=fi-fhir stanza-create
"$pgbackrest" --stanza=fi-fhir --type="$type" backup
