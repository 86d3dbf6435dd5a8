#!/usr/bin/env bash
# Reads every file of the repository again and compares checksums.
set -euo pipefail
report="$("$(dirname "$0")/pgbackrest.sh" --stanza=fi-fhir --output=text --verbose verify)"
printf '%s\n' "$report"
if [[ "$report" != *"status: ok"* ]]; then exit 1; fi
