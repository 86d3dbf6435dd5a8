#!/usr/bin/env bash
# Runs the database of fi-fhir for real on this machine, without a cluster: its own configuration, scripts and SQL, with
# certificates as cert-manager would make them. Needs PostgreSQL (initdb, postgres, psql), pgBackRest, openssl and a
# system user "postgres"; started as root it changes to that user. Listens on 127.0.0.1 only and removes all it made.
set -euo pipefail
if [[ "$(id -u)" == 0 ]]; then
  scratch="$(mktemp -d /tmp/rehearse.XXXXXX)"
  trap 'rm -rf "$scratch"' EXIT
  here="$(cd "$(dirname "$0")" && pwd)"
  export PORT="${PORT:-54399}" BACKUP_PORT="${BACKUP_PORT:-54398}"
  mkdir -p "$scratch/etc" "$scratch/opt"
  for file in postgresql.conf pg_hba.conf server.conf client.conf restore.conf; do
    (cd "$here/../.." && npx tsx test/database/configuration.ts "$file" "$scratch" "$PORT" "$BACKUP_PORT") >"$scratch/etc/$file"
  done
  cp "$here"/../../components/systems/fiFhir/database/scripts/* "$scratch/opt/"
  cp "$here/rehearse.sh" "$scratch/rehearse.sh"
  chmod -R a+rX "$scratch" && chmod 755 "$scratch"/opt/*.sh
  chown -R postgres "$scratch"
  runuser --user postgres -- env ROOT="$scratch" PORT="$PORT" BACKUP_PORT="$BACKUP_PORT" PATH="$PATH:$(printf '%s:' /usr/lib/postgresql/*/bin)" \
    bash "$scratch/rehearse.sh"
  exit
fi

step() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
refused() { if "$@" >"$ROOT/out" 2>&1; then fail "should have been refused: $*"; fi; tail -1 "$ROOT/out"; }

cd "$ROOT"
umask 077
mkdir -p run/secrets/{tls,fi-fhir-database,fi-fhir-backup} etc/postgresql opt/fi-fhir var/run/postgresql run/pgbackrest \
  run/fi-fhir backups tmp/pgbackrest var/lib/postgresql/data var/lib/drill client
mv opt/*.sh opt/*.sql opt/fi-fhir/ && mv etc/*.conf etc/postgresql/
export PGDATA="$ROOT/var/lib/postgresql/data/pgdata" SQL_DIR="$ROOT/opt/fi-fhir" BACKUP_KEY_FILE="$ROOT/run/secrets/fi-fhir-backup/backup-key"
export PGBACKREST_CONFIG_INCLUDE_PATH="$ROOT/run/pgbackrest/conf.d" PGBACKREST_CONFIG="$ROOT/etc/postgresql/server.conf"
export DATABASE_PASSWORD_FILE="$ROOT/run/secrets/fi-fhir-database/password" RUNTIME_DIR="$ROOT/run/fi-fhir"
export TLS_DIR="$ROOT/run/secrets/tls" KEEPER_INTERVAL=1
SOCKET="$ROOT/var/run/postgresql"
PASSWORD='first:pass\word-of-sixteen'
printf '%s' "$PASSWORD" >"$DATABASE_PASSWORD_FILE"
openssl rand -hex 32 | tr -d '\n' >"$BACKUP_KEY_FILE"

step certificates
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -days 1 -subj /CN=test-ca 2>/dev/null
issue() { # directory, subject, extension
  mkdir -p "$1"
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1/tls.key" -out req.csr -subj "$2" 2>/dev/null
  openssl x509 -req -in req.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 1 -out "$1/tls.crt" -extfile <(printf '%s' "$3") 2>/dev/null
  cp ca.crt "$1/ca.crt"
}
issue "$TLS_DIR" "/CN=" "subjectAltName=DNS:localhost" || issue "$TLS_DIR" "/O=fi-fhir" "subjectAltName=DNS:localhost"
issue client/fi_fhir /CN=fi_fhir "extendedKeyUsage=clientAuth"
issue client/backup /CN=fi-fhir-backup "extendedKeyUsage=clientAuth"
issue client/other /CN=somebody "extendedKeyUsage=clientAuth"

keeper_pid="" backup_pid=""
stop() {
  for pid in $keeper_pid $backup_pid; do kill "$pid" 2>/dev/null || true; done
  pg_ctl --pgdata "$PGDATA" --mode fast --silent stop 2>/dev/null || true
}
trap stop EXIT
start() {
  pg_ctl --pgdata "$PGDATA" --wait --timeout 120 --silent --log "$ROOT/log" --options "-c config_file=$ROOT/etc/postgresql/postgresql.conf" start ||
    { tail -20 "$ROOT/log"; fail "PostgreSQL does not start"; }
}

step "first start"
initdb --pgdata "$PGDATA" --username postgres --data-checksums --auth-local=peer --auth-host=scram-sha-256 >/dev/null
start
export PGHOST="$SOCKET" PGPORT="$PORT"
bash opt/fi-fhir/initialise.sh
bash opt/fi-fhir/initialise.sh && echo "a second run does no harm"
superuser() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --username postgres "$@"; }

as() { # certificate, user, then psql arguments: over TCP with verify-full
  local certificate="$1" user="$2"; shift 2
  PGHOST=localhost PGUSER="$user" PGDATABASE="${DB:-fi_fhir}" PGSSLMODE="${MODE:-verify-full}" PGSSLROOTCERT="$ROOT/ca.crt" \
    PGSSLCERT="$ROOT/client/$certificate/tls.crt" PGSSLKEY="$ROOT/client/$certificate/tls.key" PGPASSFILE="$RUNTIME_DIR/pgpass" \
    psql --no-psqlrc --quiet --tuples-only --no-align --no-password --set ON_ERROR_STOP=1 "$@"
}
pgpass() { PGHOST=localhost PGDATABASE='*' PGUSER='*' bash -c "source opt/fi-fhir/connect.sh"; }
pgpass

step "who may log in"
[[ "$(as fi_fhir fi_fhir -c "SELECT current_user || ' ' || version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")" == "fi_fhir TLSv1.3" ]] || fail "fi_fhir can't log in"
echo "fi_fhir with certificate and password, TLS 1.3: yes"
refused as other fi_fhir -c 'SELECT 1'
refused as fi_fhir postgres -c 'SELECT 1'
MODE=disable refused as fi_fhir fi_fhir -c 'SELECT 1'
DB=postgres refused as fi_fhir fi_fhir -c 'SELECT 1'
refused env PGSSLMAXPROTOCOLVERSION=TLSv1.2 PGHOST=localhost PGSSLMODE=require PGUSER=fi_fhir PGDATABASE=fi_fhir psql -wc 'SELECT 1'

step "payload encryption (S4.33)"
KEY="$(openssl rand -base64 32)"
printf '%s' "$KEY" >run/key
as fi_fhir fi_fhir -c "CREATE TABLE workflow_events (id int PRIMARY KEY, payload jsonb)" \
  -c "INSERT INTO workflow_events VALUES (1, '{\"mrn\": \"PATIENT-4711\"}')"
encrypt() {
  PGHOST=localhost PGUSER=fi_fhir PGDATABASE=fi_fhir PGSSLMODE=verify-full PGSSLROOTCERT="$ROOT/ca.crt" PGSSLCERT="$ROOT/client/fi_fhir/tls.crt" \
    PGSSLKEY="$ROOT/client/fi_fhir/tls.key" ENCRYPTION_KEY_FILE="$ROOT/run/key" CONFIG_DIR="$ROOT/config" bash "opt/fi-fhir/$1"
}
encrypt encrypt-payload.sh
encrypt encrypt-payload.sh
as fi_fhir fi_fhir -c "SELECT encode(payload, 'escape') FROM workflow_events" | grep -q 4711 && fail "payload is readable"
[[ "$(PGOPTIONS="-c app.encryption_key=$KEY" as fi_fhir fi_fhir -c "SELECT decrypt_payload(payload)::jsonb ->> 'mrn' FROM workflow_events")" == PATIENT-4711 ]] || fail "payload can't be decrypted"
refused as fi_fhir fi_fhir -c "SELECT decrypt_payload(payload) FROM workflow_events"
refused as fi_fhir fi_fhir -c "INSERT INTO workflow_events VALUES (1, extensions.encrypt_payload('SECRET-STATEMENT'))"
PGOPTIONS="-c app.encryption_key=$KEY" refused as fi_fhir fi_fhir -c "INSERT INTO workflow_events VALUES (1, extensions.encrypt_payload('SECRET-STATEMENT'))"

step "configuration backup (S4.47)"
mkdir -p config && printf "workflow:\n  name: it's\n" >config/workflow.yaml
encrypt config-backup.sh && encrypt config-backup.sh
[[ "$(superuser -d fi_fhir -c "SELECT count(*) || content FROM fi_fhir.config_backup GROUP BY content")" == "1workflow:
  name: it's" ]] || fail "configuration was not stored once"

step "archive, base backup, verify (S4.46)"
opt/fi-fhir/pgbackrest.sh server >"$ROOT/backup.log" 2>&1 & backup_pid=$!
bash opt/fi-fhir/keeper.sh >"$ROOT/keeper.log" 2>&1 & keeper_pid=$!
sleep 2
client() { # certificate, script
  mkdir -p "$ROOT/conf-$1" && sed "s#$TLS_DIR#$ROOT/client/$1#" etc/postgresql/client.conf >"$ROOT/conf-$1/pgbackrest.conf"
  PGBACKREST_CONFIG="$ROOT/conf-$1/pgbackrest.conf" bash "opt/fi-fhir/$2"
}
client backup archive-check.sh | grep -E "completed|ERROR" || true
client backup backup.sh | grep -E "new backup label|ERROR"
client backup archive-check.sh >/dev/null || fail "archive check"
client backup verify.sh | tail -3
refused client fi_fhir backup.sh
grep -rlE "PATIENT-4711|$KEY" backups && fail "the repository is readable"

step "point in time"
as fi_fhir fi_fhir -c "CREATE TABLE later AS SELECT 1 AS before"
before="$(superuser -d postgres -c "SELECT now()")"
sleep 1
as fi_fhir fi_fhir -c "DROP TABLE workflow_events"
client backup archive-check.sh >/dev/null

step "restore drill (S4.54)"
mkdir -p var/lib/drill
DRILL_DIR="$ROOT/var/lib/drill" PGBACKREST_CONFIG="$ROOT/etc/postgresql/restore.conf" bash opt/fi-fhir/restore-drill.sh >drill.log 2>&1 || { cat drill.log; fail "drill"; }
grep -E "restored" drill.log

step "rotation (S4.55)"
printf 'second-password-of-sixteen' >"$DATABASE_PASSWORD_FILE"
sleep 4
refused as fi_fhir fi_fhir -c 'SELECT 1'
pgpass
as fi_fhir fi_fhir -c 'SELECT 1' >/dev/null && echo "the new password works"
cat keeper.log

step "restore to a point in time (S4.49)"
kill $keeper_pid $backup_pid; keeper_pid="" backup_pid=""
PGBACKREST_CONFIG="$ROOT/etc/postgresql/restore.conf" refused bash opt/fi-fhir/restore.sh
pg_ctl --pgdata "$PGDATA" --mode fast --silent stop
RESTORE_TARGET="$before" PGBACKREST_CONFIG="$ROOT/etc/postgresql/restore.conf" bash opt/fi-fhir/restore.sh | tail -2
SECONDS=0
start
printf 'recovered in %s s\n' "$SECONDS"
[[ "$(superuser -d fi_fhir -c "SELECT (SELECT count(*) FROM fi_fhir.workflow_events) || ' ' || (SELECT count(*) FROM fi_fhir.later)")" == "1 1" ]] || fail "not what was there before the DROP"
echo "workflow_events is back"

step "nothing secret in the log"
grep -nE "PATIENT-4711|SECRET-STATEMENT|second-password|first:pass|$(printf '%s' "$KEY" | sed 's/[+/]/./g')|SCRAM-SHA" "$ROOT/log" backup.log keeper.log && fail "a secret is in a log"
grep -c "connection authorized: user=fi_fhir" "$ROOT/log"
echo "REHEARSAL PASSED"
