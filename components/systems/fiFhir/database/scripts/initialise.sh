#!/usr/bin/env bash
# First start of the database, run by the image's entrypoint: roles, database, extension and functions.
# Runs again without harm.
set -euo pipefail
sql="${SQL_DIR:-/opt/fi-fhir}"

run() { PGOPTIONS="-c client_min_messages=warning" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres "$@"; }

run --dbname postgres --file "$sql/roles.sql"
if [[ "$(run --dbname postgres --tuples-only --no-align --command "SELECT 1 FROM pg_database WHERE datname = 'fi_fhir'")" != 1 ]]; then
  run --dbname postgres --command "CREATE DATABASE fi_fhir OWNER fi_fhir ENCODING 'UTF8' TEMPLATE template0"
fi
run --dbname fi_fhir --file "$sql/database.sql"
bash "$sql/set-password.sh"
