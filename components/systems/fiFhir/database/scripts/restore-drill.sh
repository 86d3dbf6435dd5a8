#!/usr/bin/env bash
# Proves that the latest backup can be restored: into a directory of its own, with a PostgreSQL of its own that nobody
# else can reach, until it accepts queries (S4.54). DRILL_DIR is on a volume that goes with the job.
set -euo pipefail
umask 077
data="$DRILL_DIR/data"
mkdir -p "$data"
"$(dirname "$0")/pgbackrest.sh" --stanza=fi-fhir --pg1-path="$data" --archive-mode=off restore

cleanup() { pg_ctl --pgdata "$data" --mode immediate stop >/dev/null 2>&1 || true; }
trap cleanup EXIT
# Settings of the real server that need files or memory of its pod are left out.
pg_ctl --pgdata "$data" --wait --timeout 1800 --log "$DRILL_DIR/log" --options \
  "-c config_file=$data/postgresql.conf -c hba_file=$data/pg_hba.conf -c listen_addresses= -c port=5432 -c unix_socket_directories=$DRILL_DIR -c archive_mode=off -c ssl=off -c hot_standby=off" start ||
  { cat "$DRILL_DIR/log" >&2; exit 1; }
query() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host "$DRILL_DIR" --port 5432 --username postgres --dbname fi_fhir --tuples-only --no-align "$@"; }
# The server has started, but it answers only when all WAL is replayed.
deadline=$((SECONDS + 1800))
until query --command 'SELECT 1' >/dev/null 2>&1; do
  if ((SECONDS > deadline)) || ! pg_ctl --pgdata "$data" status >/dev/null; then cat "$DRILL_DIR/log" >&2; exit 1; fi
  sleep 1
done
query --command \
  "SELECT 'restored ' || count(*) || ' tables of fi_fhir' FROM information_schema.tables WHERE table_schema = 'fi_fhir'"
