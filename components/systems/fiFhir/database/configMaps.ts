import type { InClusterDatabase } from "../args";
import { DATABASE } from "../names";
import { scripts } from "../scripts";
import { pgHbaConf, postgresqlConf } from "./postgresql";
import { clientConf, restoreConf, serverConf } from "./storage";

function configMap(name: string, data: Record<string, string>) {
  const { namespace } = DATABASE;
  return { metadata: { name, namespace, labels: { "app.kubernetes.io/part-of": "fi-fhir" } }, data };
}

export function databaseConfig({ backupStorage }: InClusterDatabase) {
  return configMap(DATABASE.name, {
    "postgresql.conf": postgresqlConf(),
    "pg_hba.conf": pgHbaConf(),
    "pgbackrest.conf": serverConf(backupStorage),
  });
}

export function databaseScripts() {
  return configMap(
    `${DATABASE.name}-scripts`,
    scripts("initialise.sh", "set-password.sh", "keeper.sh", "roles.sql", "database.sql", "pgbackrest.sh"),
  );
}

/** Of the jobs that reach PostgreSQL from another pod. */
export function backupConfig({ backupStorage }: InClusterDatabase) {
  return configMap(DATABASE.backup, { "pgbackrest.conf": clientConf(backupStorage) });
}

/** Of the jobs that restore. */
export function restoreConfig({ backupStorage }: InClusterDatabase) {
  return configMap("fi-fhir-restore", { "pgbackrest.conf": restoreConf(backupStorage) });
}

export function backupScripts() {
  return configMap(
    `${DATABASE.backup}-scripts`,
    scripts("archive-check.sh", "backup.sh", "pgbackrest.sh", "restore-drill.sh", "restore.sh", "verify.sh"),
  );
}
