import type { PersistentVolume, Resources, StatefulSetSpec } from "../../../hardening";
import type { InClusterDatabase } from "../args";
import { checksum } from "../config";
import { DATABASE, SYSTEM } from "../names";
import { databaseConfig } from "./configMaps";
import { DATABASE_PATHS as PATHS } from "./paths";
import { directoryOf } from "./storage";

/** User of PostgreSQL in the official Debian image. */
const POSTGRES_USER = 999;

const SERVER_RESOURCES: Resources = {
  requests: { cpu: "250m", memory: "512Mi", ephemeralStorage: "128Mi" },
  limits: { cpu: "2", memory: "1Gi", ephemeralStorage: "512Mi" },
};
const SIDECAR_RESOURCES: Resources = {
  requests: { cpu: "50m", memory: "64Mi", ephemeralStorage: "50Mi" },
  limits: { cpu: "1", memory: "256Mi", ephemeralStorage: "200Mi" },
};

export function userOf({ user }: InClusterDatabase): number {
  return user ?? POSTGRES_USER;
}

/** Environment that pgBackRest and its wrapper need in every pod. */
export const BACKUP_ENVIRONMENT = {
  PGBACKREST_CONFIG: `${PATHS.config}/pgbackrest.conf`,
  PGBACKREST_CONFIG_INCLUDE_PATH: `${PATHS.backupRuntime}/conf.d`,
  // Not named ..._KEY: only the path of the file is here.
  BACKUP_KEY_FILE: `${PATHS.backupKey}/backup-key`,
} as const;

/** Size and class of every volume of the database. */
export function storageOf({ size, storageClass }: InClusterDatabase): Pick<PersistentVolume, "size" | "storageClass"> {
  return { ...(size === undefined ? {} : { size }), ...(storageClass === undefined ? {} : { storageClass }) };
}

/** Where `file://` backups are; a bucket needs no volume. */
export function repositoryVolume({ backupStorage }: InClusterDatabase): PersistentVolume[] {
  const directory = directoryOf(backupStorage);
  return directory === undefined ? [] : [{ name: "backups", path: directory, claim: `${DATABASE.backup}-repository` }];
}

/**
 * PostgreSQL, with two containers beside it: `backup` serves its files to the backup jobs over mutual TLS, `keeper` follows
 * renewed certificates and passwords. One pod: see docs/decisions/fi-fhir-database.md.
 */
export function databaseSpec(database: InClusterDatabase, userNamespace: boolean): StatefulSetSpec {
  const alive = { command: ["pg_isready", "--quiet", "--host", PATHS.socket, "--username", "postgres"] };
  const password = { DATABASE_PASSWORD_FILE: `${PATHS.secrets}/password` };
  return {
    kind: "StatefulSet",
    name: DATABASE.name,
    namespace: DATABASE.namespace,
    labels: { name: DATABASE.name, partOf: SYSTEM, component: "database" },
    serviceName: DATABASE.name,
    serviceAccount: DATABASE.name,
    image: database.image,
    user: userOf(database),
    args: ["postgres", "-c", `config_file=${PATHS.config}/postgresql.conf`],
    env: {
      PGDATA: PATHS.data,
      POSTGRES_PASSWORD_FILE: `${PATHS.secrets}/superuser-password`,
      // S4.4: a block that rots on disk is noticed when it is read.
      POSTGRES_INITDB_ARGS: "--data-checksums --auth-local=peer --auth-host=scram-sha-256",
      SQL_DIR: PATHS.scripts,
      ...password,
      ...BACKUP_ENVIRONMENT,
    },
    ports: { "tcp-postgres": DATABASE.port },
    resources: SERVER_RESOURCES,
    readiness: { ...alive, periodSeconds: 5 },
    liveness: { ...alive, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
    // Replay of WAL after a crash or a restore takes its time: up to the recovery time objective.
    startup: { ...alive, periodSeconds: 5, failureThreshold: 180 },
    sidecars: [
      {
        name: "backup",
        image: database.image,
        command: [`${PATHS.scripts}/pgbackrest.sh`],
        args: ["server"],
        env: { ...BACKUP_ENVIRONMENT },
        ports: { "tcp-backup": DATABASE.backupPort },
        resources: SIDECAR_RESOURCES,
      },
      {
        name: "keeper",
        image: database.image,
        command: ["bash", `${PATHS.scripts}/keeper.sh`],
        env: { TLS_DIR: PATHS.tls, PGHOST: PATHS.socket, ...password },
        resources: SIDECAR_RESOURCES,
      },
    ],
    writable: { "/tmp": "64Mi", [PATHS.socket]: "1Mi" },
    memory: { [PATHS.backupRuntime]: "1Mi" },
    files: [
      { path: PATHS.config, configMap: DATABASE.name },
      { path: PATHS.scripts, configMap: `${DATABASE.name}-scripts`, executable: true },
      {
        path: "/docker-entrypoint-initdb.d",
        configMap: `${DATABASE.name}-scripts`,
        keys: ["initialise.sh"],
        executable: true,
      },
      { path: PATHS.secrets, secret: DATABASE.secret, keys: ["password", "superuser-password"] },
      { path: PATHS.backupKey, secret: DATABASE.secret, keys: ["backup-key"] },
      { path: PATHS.tls, secret: DATABASE.serverCertificate, keys: ["ca.crt", "tls.crt", "tls.key"] },
    ],
    volumes: [{ name: "data", path: PATHS.volume, ...storageOf(database) }, ...repositoryVolume(database)],
    annotations: { "fhir-landing-zone/config-checksum": checksum(databaseConfig(database).data) },
    // Time for a clean shutdown: a crash recovery takes longer.
    terminationGracePeriodSeconds: 120,
    userNamespace,
  };
}
