#!/usr/bin/env bash
# Encrypts the payload column (S4.33). The key travels in the connection's start-up message: it is in no statement, so no
# log, no pg_stat_activity and no error message can show it.
set -euo pipefail
# shellcheck source=connect.sh
source "$(dirname "$0")/connect.sh"

key="$(<"$ENCRYPTION_KEY_FILE")"
if [[ ! "$key" =~ ^[A-Za-z0-9_=+/-]{32,}$ ]]; then
  echo "the encryption key must have at least 32 characters of base64 or hex; property 'key' of fi-fhir/encryption in Vault" >&2
  exit 1
fi
PGOPTIONS="-c app.encryption_key=$key" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
  --file "$(dirname "$0")/encrypt-payload.sql"
