import type { CronJobSpec } from "../../hardening";
import type { FiFhirArgs } from "./args";
import { databaseTls, environment, PATHS, settings } from "./config";
import { DLQ_REPLAY, MAINTENANCE, NAMESPACE, SECRET, SECRET_KEYS, SYSTEM } from "./names";
import { scripts } from "./scripts";
import { applicationFiles, databaseTlsFiles } from "./server";

const SCRIPTS = "fi-fhir-maintenance";
const SCRIPTS_PATH = "/opt/fi-fhir";

export function maintenanceScripts() {
  return {
    metadata: { name: SCRIPTS, namespace: NAMESPACE, labels: { "app.kubernetes.io/name": MAINTENANCE } },
    data: scripts("connect.sh", "config-backup.sh", "encrypt-payload.sh", "encrypt-payload.sql"),
  };
}

/** S4.51: `workflow replay --dlq --since 24h`, by `kubectl create job --from=cronjob/fi-fhir-dlq-replay`. */
export function dlqReplay(args: FiFhirArgs): CronJobSpec {
  return {
    kind: "CronJob",
    name: DLQ_REPLAY,
    namespace: NAMESPACE,
    labels: { name: DLQ_REPLAY, partOf: SYSTEM, component: "dlq-replay" },
    schedule: "on demand",
    image: args.image,
    command: ["/fi-fhir"],
    args: ["workflow", "replay", "--dlq", "--since", "24h"],
    env: environment(args),
    writable: { "/tmp": "32Mi" },
    files: [...applicationFiles(), ...databaseTlsFiles(args)],
    // Once: a replay that failed half-way is looked at before the next.
    backoffLimit: 0,
    meshed: true,
    userNamespace: args.userNamespaces ?? true,
    ...(args.imagePullSecrets === undefined ? {} : { imagePullSecrets: args.imagePullSecrets }),
  };
}

/** S4.47: the workflow configuration goes into the database, and with it into every backup and the archive. */
export function configBackup(args: FiFhirArgs): CronJobSpec {
  return {
    ...sqlJob(args, "fi-fhir-config-backup", "config-backup.sh"),
    schedule: "30 1 * * *",
    files: [...sqlFiles(args), { path: PATHS.config, configMap: SYSTEM }],
  };
}

/** S4.33: turns `workflow_events.payload` into encrypted bytes; does nothing when it is already so. */
export function encryptPayload(args: FiFhirArgs): CronJobSpec {
  const job = sqlJob(args, "fi-fhir-encrypt-payload", "encrypt-payload.sh");
  return {
    ...job,
    schedule: "on demand",
    env: { ...job.env, ENCRYPTION_KEY_FILE: `${PATHS.secrets}/${SECRET_KEYS.encryptionKey}` },
    files: sqlFiles(args, SECRET_KEYS.encryptionKey),
  };
}

function sqlFiles(args: FiFhirArgs, ...moreKeys: string[]) {
  return [
    { path: SCRIPTS_PATH, configMap: SCRIPTS, executable: true },
    { path: PATHS.secrets, secret: SECRET, keys: [SECRET_KEYS.databasePassword, ...moreKeys] },
    ...databaseTlsFiles(args),
  ];
}

function sqlJob(args: FiFhirArgs, name: string, script: string): Omit<CronJobSpec, "schedule"> {
  const { database } = args;
  const { host, port, name: databaseName, username, sslMode, passwordFile } = settings(args).database;
  return {
    kind: "CronJob",
    name,
    namespace: NAMESPACE,
    labels: { name: MAINTENANCE, partOf: SYSTEM, component: name },
    image: database.kind === "in-cluster" ? database.image : database.toolsImage,
    command: ["bash", `${SCRIPTS_PATH}/${script}`],
    env: {
      PGHOST: host,
      PGPORT: String(port),
      PGDATABASE: databaseName,
      PGUSER: username,
      PGSSLMODE: sslMode,
      ...databaseTls(args),
      DATABASE_PASSWORD_FILE: passwordFile,
      CONFIG_DIR: PATHS.config,
    },
    // The password file that PostgreSQL clients read is made here: memory, never a disk.
    memory: { "/run/fi-fhir": "1Mi" },
    writable: { "/tmp": "16Mi" },
    backoffLimit: 1,
    activeDeadlineSeconds: 1800,
    meshed: true,
    userNamespace: args.userNamespaces ?? true,
    ...(args.imagePullSecrets === undefined ? {} : { imagePullSecrets: args.imagePullSecrets }),
  };
}
