#!/usr/bin/env bash
# pgBackRest reads the key of its repository from a file of its own format: made here, in memory, from the Secret's file.
set -euo pipefail
umask 077
mkdir -p "$PGBACKREST_CONFIG_INCLUDE_PATH"
new="$(mktemp "$PGBACKREST_CONFIG_INCLUDE_PATH/key.XXXXXX")"
printf '[global]\nrepo1-cipher-pass=%s\n' "$(<"$BACKUP_KEY_FILE")" >"$new"
mv "$new" "$PGBACKREST_CONFIG_INCLUDE_PATH/key.conf"
exec pgbackrest "$@"
