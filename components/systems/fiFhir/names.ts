import { selectorLabels } from "../../hardening/labels";

/** Names and numbers of fi-fhir, in one place: policies, Services, alerts and the runbook all say the same. */
export const SYSTEM = "fi-fhir";
export const NAMESPACE = "fi-fhir";
export const HTTP_PORT = 8080;
export const METRICS_PORT = 9090;
/** Envoy's own metrics, which the sidecar serves beside the mesh. */
export const PROXY_METRICS_PORT = 15090;

/** Paths that may be reached from outside, S4.23. */
export const PUBLIC_PATHS = ["/api/*", "/health", "/ready"] as const;

/** Labels of the serving pods, S4.16 and S4.17. */
export const SERVER_LABELS = selectorLabels({ name: SYSTEM });

/** `app.kubernetes.io/name` of the on-demand pods: they get no traffic and count in no disruption budget. */
export const DLQ_REPLAY = "fi-fhir-dlq-replay";
export const MAINTENANCE = "fi-fhir-maintenance";

/** Secret that External Secrets keeps (S4.27), and its keys. */
export const SECRET = "fi-fhir";
export const SECRET_KEYS = {
  databasePassword: "database-password",
  bearerToken: "fhir-bearer-token",
  encryptionKey: "encryption-key",
} as const;

/** Name of the certificate's Secret that clients outside see, S4.30. */
export const PUBLIC_CERTIFICATE = "fi-fhir-tls";

/** Certificate that fi-fhir shows to the database; its Secret also holds the authority's `ca.crt` (S4.32). */
export const DATABASE_CLIENT = "fi-fhir-database-client";
/** Authority of an external database. */
export const DATABASE_CA = "fi-fhir-database-ca";

export const DATABASE = {
  namespace: "database",
  /** Service, StatefulSet and everything else of the database. */
  name: "fi-fhir-database",
  /** Database inside PostgreSQL, S4.46. */
  database: "fi_fhir",
  user: "fi_fhir",
  port: 5432,
  /** The backup tool's own server, next to PostgreSQL. */
  backupPort: 8432,
  /** `app.kubernetes.io/name` of backup, check, verify and restore pods. */
  backup: "fi-fhir-backup",
  secret: "fi-fhir-database",
  serverCertificate: "fi-fhir-database-tls",
  backupCertificate: "fi-fhir-backup-tls",
  /** Claim of the one pod. */
  claim: "data-fi-fhir-database-0",
} as const;

/** Name that the server certificate is for and that clients verify (verify-full). */
export const DATABASE_HOST = `${DATABASE.name}.${DATABASE.namespace}.svc.cluster.local`;
