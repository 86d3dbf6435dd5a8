#!/usr/bin/env bash
# Runs next to PostgreSQL, as the same user over the local socket. Follows what is renewed outside: certificates are
# reloaded and the application's password is set as soon as the mounted files change (S4.55). Any failure ends the
# container, which shows as a restart.
set -euo pipefail
here="$(dirname "$0")"

fingerprint() { cat "$TLS_DIR"/* "$DATABASE_PASSWORD_FILE" | sha256sum; }

# At the very first start the roles are not there yet.
ready() {
  [[ "$(psql --no-psqlrc --username postgres --dbname postgres --tuples-only --no-align --command \
    "SELECT 1 FROM pg_roles WHERE rolname = 'fi_fhir'" 2>/dev/null)" == 1 ]]
}
until ready; do sleep "${KEEPER_INTERVAL:-30}"; done
seen=""
while true; do
  now="$(fingerprint)"
  if [[ "$now" != "$seen" ]]; then
    bash "$here/set-password.sh"
    psql --no-psqlrc --quiet --username postgres --dbname postgres --command 'SELECT pg_reload_conf()' >/dev/null
    printf 'followed certificates and password at %s\n' "$(date -u +%FT%TZ)"
    seen="$now"
  fi
  sleep "${KEEPER_INTERVAL:-30}"
done
