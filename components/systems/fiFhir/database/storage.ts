import { ArgumentError } from "../../../argumentError";
import { DATABASE } from "../names";
import { DATABASE_PATHS as PATHS } from "./paths";

/** Options of pgBackRest for the place where backups go. */
export function repositoryOptions(backupStorage: string): Record<string, string> {
  const gcs = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])(\/[A-Za-z0-9/._-]+)?$/.exec(backupStorage);
  if (gcs?.[1] !== undefined) {
    // "auto": Workload Identity. No key of a service account exists.
    return {
      "repo1-type": "gcs",
      "repo1-gcs-bucket": gcs[1],
      "repo1-gcs-key-type": "auto",
      "repo1-path": gcs[2] ?? "/",
    };
  }
  const directory = directoryOf(backupStorage);
  if (directory !== undefined) return { "repo1-type": "posix", "repo1-path": directory };
  throw new ArgumentError({
    where: "FiFhir",
    argument: "database.backupStorage",
    problem: "is no place for backups",
    given: backupStorage,
    allowed: "gs://BUCKET/PATH, or file:///PATH for a trial",
    fix: "use the bucket of the stack, with CMEK, versioning and a retention policy",
  });
}

/** The directory of `file:///PATH`. */
export function directoryOf(backupStorage: string): string | undefined {
  return /^file:\/\/(\/[A-Za-z0-9/._-]+)$/.exec(backupStorage)?.[1];
}

const COMMON = {
  // S4.46 improved: encrypted before it leaves the pod, checksummed, and found again as "latest".
  "repo1-cipher-type": "aes-256-cbc",
  "repo1-bundle": "y",
  "compress-type": "zst",
  "start-fast": "y",
  "process-max": "2",
  "log-level-console": "info",
  "log-level-file": "off",
  "lock-path": "/tmp/pgbackrest",
  // Restore commands and helper processes find the key the same way.
  cmd: `${PATHS.scripts}/pgbackrest.sh`,
} as const;

/** Four weeks of full backups with all WAL between them; the bucket's retention policy keeps deleted objects longer. */
const RETENTION = { "repo1-retention-full": "4", "repo1-retention-full-type": "count" } as const;

/** pgbackrest.conf next to PostgreSQL: archives WAL, and serves its files to the backup jobs over mutual TLS. */
export function serverConf(backupStorage: string): string {
  return ini({
    global: {
      ...COMMON,
      ...repositoryOptions(backupStorage),
      "tls-server-address": "*",
      "tls-server-port": String(DATABASE.backupPort),
      "tls-server-cert-file": `${PATHS.tls}/tls.crt`,
      "tls-server-key-file": `${PATHS.tls}/tls.key`,
      "tls-server-ca-file": `${PATHS.tls}/ca.crt`,
      // The common name of the client's certificate, and the one stanza that it may read.
      "tls-server-auth": `${DATABASE.backup}=fi-fhir`,
    },
    "fi-fhir": { "pg1-path": PATHS.data, "pg1-socket-path": PATHS.socket, "pg1-port": String(DATABASE.port) },
  });
}

/** pgbackrest.conf of the jobs that reach PostgreSQL from another pod. */
export function clientConf(backupStorage: string): string {
  return ini({
    global: { ...COMMON, ...RETENTION, ...repositoryOptions(backupStorage) },
    "fi-fhir": {
      "pg1-path": PATHS.data,
      "pg1-socket-path": PATHS.socket,
      "pg1-port": String(DATABASE.port),
      "pg1-host": `${DATABASE.name}.${DATABASE.namespace}.svc.cluster.local`,
      "pg1-host-type": "tls",
      "pg1-host-port": String(DATABASE.backupPort),
      "pg1-host-cert-file": `${PATHS.tls}/tls.crt`,
      "pg1-host-key-file": `${PATHS.tls}/tls.key`,
      "pg1-host-ca-file": `${PATHS.tls}/ca.crt`,
    },
  });
}

/** pgbackrest.conf of the jobs that restore into a directory of their own pod. */
export function restoreConf(backupStorage: string): string {
  return ini({
    global: { ...COMMON, ...repositoryOptions(backupStorage) },
    "fi-fhir": { "pg1-path": PATHS.data },
  });
}

function ini(sections: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  return Object.entries(sections)
    .map(([name, values]) => [`[${name}]`, ...Object.entries(values).map(([k, v]) => `${k}=${v}`), ""].join("\n"))
    .join("\n");
}
