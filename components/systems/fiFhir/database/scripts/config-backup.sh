#!/usr/bin/env bash
# Stores the workflow configuration in the database, once per content (S4.47): from there it is in every backup.
# Read it back:
#   SELECT content FROM fi_fhir.config_backup WHERE name = 'workflow.yaml' ORDER BY taken_at DESC LIMIT 1;
set -euo pipefail
# shellcheck source=connect.sh
source "$(dirname "$0")/connect.sh"

for file in "$CONFIG_DIR"/*.yaml; do
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set name="$(basename "$file")" --set content="$(<"$file")" <<'SQL'
CREATE TABLE IF NOT EXISTS fi_fhir.config_backup (
  name text NOT NULL,
  sha256 bytea NOT NULL,
  content text NOT NULL,
  taken_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (name, sha256)
);
INSERT INTO fi_fhir.config_backup (name, sha256, content)
VALUES (:'name', sha256(convert_to(:'content', 'UTF8')), :'content')
ON CONFLICT (name, sha256) DO UPDATE SET taken_at = now();
SQL
  printf 'stored %s\n' "$(basename "$file")"
done
