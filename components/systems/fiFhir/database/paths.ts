/** Directories inside the pods of the database. */
export const DATABASE_PATHS = {
  config: "/etc/postgresql",
  scripts: "/opt/fi-fhir",
  secrets: "/run/secrets/fi-fhir-database",
  backupKey: "/run/secrets/fi-fhir-backup",
  tls: "/run/secrets/tls",
  socket: "/var/run/postgresql",
  volume: "/var/lib/postgresql/data",
  /** A directory below the volume's root, which may hold lost+found. */
  data: "/var/lib/postgresql/data/pgdata",
  /** Configuration that holds the backup key: memory. */
  backupRuntime: "/run/pgbackrest",
  drill: "/var/lib/drill",
} as const;
