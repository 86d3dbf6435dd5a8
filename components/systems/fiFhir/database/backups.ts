import type { CronJobSpec, Resources } from "../../../hardening";
import type { InClusterDatabase } from "../args";
import { ARCHIVE_CHECK_SECONDS } from "../figures";
import { DATABASE, SYSTEM } from "../names";
import { DATABASE_PATHS as PATHS } from "./paths";
import { BACKUP_ENVIRONMENT, repositoryVolume, storageOf, userOf } from "./statefulSet";

const RESOURCES: Resources = {
  requests: { cpu: "100m", memory: "256Mi", ephemeralStorage: "64Mi" },
  limits: { cpu: "2", memory: "1Gi", ephemeralStorage: "256Mi" },
};

/** All jobs of S4.46, S4.49 and S4.54; `fi-fhir-restore` is suspended, a person starts it. */
export function backupJobs(database: InClusterDatabase, userNamespace: boolean): CronJobSpec[] {
  const job = (name: string, script: string, rest: Partial<CronJobSpec> & { schedule: string }): CronJobSpec => ({
    ...base(database, name, script),
    userNamespace,
    ...rest,
  });
  return [
    job("fi-fhir-archive-check", "archive-check.sh", {
      schedule: `*/${String(ARCHIVE_CHECK_SECONDS / 60)} * * * *`,
      activeDeadlineSeconds: ARCHIVE_CHECK_SECONDS - 30,
      backoffLimit: 0,
    }),
    job("fi-fhir-backup", "backup.sh", { schedule: "0 2 * * *", activeDeadlineSeconds: 6 * 3600 }),
    job("fi-fhir-backup-verify", "verify.sh", { schedule: "0 6 * * 0", activeDeadlineSeconds: 6 * 3600 }),
    job("fi-fhir-restore-drill", "restore-drill.sh", {
      schedule: "0 8 * * 0",
      activeDeadlineSeconds: 2 * 3600,
      ...RESTORING,
      env: { ...BACKUP_ENVIRONMENT, DRILL_DIR: PATHS.drill },
      volumes: [{ name: "drill", path: PATHS.drill, ...storageOf(database) }, ...repositoryVolume(database)],
    }),
    job("fi-fhir-restore", "restore.sh", {
      schedule: "on demand",
      backoffLimit: 0,
      ...RESTORING,
      env: { ...BACKUP_ENVIRONMENT, PGDATA: PATHS.data },
      volumes: [{ name: "data", path: PATHS.volume, claim: DATABASE.claim }, ...repositoryVolume(database)],
    }),
  ];
}

function base(database: InClusterDatabase, name: string, script: string): Omit<CronJobSpec, "schedule"> {
  return {
    kind: "CronJob",
    name,
    namespace: DATABASE.namespace,
    labels: { name: DATABASE.backup, partOf: SYSTEM, component: name },
    serviceAccount: DATABASE.backup,
    image: database.image,
    user: userOf(database),
    command: ["bash", `${PATHS.scripts}/${script}`],
    env: { ...BACKUP_ENVIRONMENT },
    resources: RESOURCES,
    writable: { "/tmp": "64Mi" },
    memory: { [PATHS.backupRuntime]: "1Mi" },
    files: files(DATABASE.backup, true),
    volumes: repositoryVolume(database),
  };
}

/** A restoring job talks to no PostgreSQL: it gets no certificate. */
const RESTORING = { files: files("fi-fhir-restore", false) };

function files(configMap: string, certificate: boolean): NonNullable<CronJobSpec["files"]> {
  return [
    { path: PATHS.config, configMap },
    { path: PATHS.scripts, configMap: `${DATABASE.backup}-scripts`, executable: true },
    { path: PATHS.backupKey, secret: DATABASE.secret, keys: ["backup-key"] },
    ...(certificate
      ? [{ path: PATHS.tls, secret: DATABASE.backupCertificate, keys: ["ca.crt", "tls.crt", "tls.key"] }]
      : []),
  ];
}
