#!/usr/bin/env bash
# Source this: makes the password file that PostgreSQL clients read, so that the password is in no argument and in no
# environment. Needs PGHOST PGPORT PGDATABASE PGUSER DATABASE_PASSWORD_FILE and a directory in memory.
set -euo pipefail
umask 077

directory="${RUNTIME_DIR:-/run/fi-fhir}"
password="$(<"$DATABASE_PASSWORD_FILE")"
# A backslash and a colon are special in that file.
password="${password//\\/\\\\}"
password="${password//:/\\:}"
printf '%s:%s:%s:%s:%s\n' "$PGHOST" "$PGPORT" "$PGDATABASE" "$PGUSER" "$password" >"$directory/pgpass"
unset password
export PGPASSFILE="$directory/pgpass"
