#!/usr/bin/env bash
# Gives the user fi_fhir the password of its file. psql computes the SCRAM verifier itself, so that the server and its
# log never see the password. setsid: without a terminal psql reads the two lines from standard input.
set -euo pipefail
password="$(<"$DATABASE_PASSWORD_FILE")"
if ((${#password} < 16)); then
  echo "the password has fewer than 16 characters; property 'password' of fi-fhir/database in Vault" >&2
  exit 1
fi
printf '%s\n%s\n' "$password" "$password" |
  setsid --wait psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --command '\password fi_fhir' >/dev/null 2>&1
