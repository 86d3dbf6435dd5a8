#!/usr/bin/env bash
# Makes the repository when it is new, then switches to a new WAL segment and waits until it is in the archive.
set -euo pipefail
pgbackrest="$(dirname "$0")/pgbackrest.sh"
"$pgbackrest" --stanza=fi-fhir stanza-create
"$pgbackrest" --stanza=fi-fhir --archive-timeout=60 check
