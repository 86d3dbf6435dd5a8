#!/usr/bin/env bash
# Restores the latest backup and all WAL after it onto the database's own volume; RESTORE_TARGET stops at a time, such as
# 2026-11-21 04:00:00+00. PostgreSQL must be stopped: scale the StatefulSet to 0 first.
set -euo pipefail
arguments=(--stanza=fi-fhir)
if [[ -f "$PGDATA/PG_VERSION" ]]; then
  # Only files that differ are fetched: what makes the recovery time objective reachable.
  arguments+=(--delta)
  # Left behind by a node that was lost; only a person can know that no PostgreSQL uses the volume.
  if [[ "${RESTORE_STALE_PID:-}" == yes ]]; then rm -f "$PGDATA/postmaster.pid"; fi
else
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
fi
if [[ -n "${RESTORE_TARGET:-}" ]]; then
  arguments+=(--type=time "--target=$RESTORE_TARGET" --target-action=promote)
fi
"$(dirname "$0")/pgbackrest.sh" "${arguments[@]}" restore
echo "restored; scale the StatefulSet to 1 and watch its log until 'database system is ready to accept connections'"
