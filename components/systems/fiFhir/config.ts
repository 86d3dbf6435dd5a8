import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { FiFhirArgs } from "./args";
import { DATABASE, DATABASE_HOST, HTTP_PORT, METRICS_PORT, NAMESPACE, SECRET_KEYS, SYSTEM } from "./names";

/** Directories of the files that pods see. */
export const PATHS = {
  config: "/etc/fi-fhir",
  secrets: "/run/secrets/fi-fhir",
  databaseTls: "/run/secrets/database-tls",
} as const;

const DEFAULT_WORKFLOW = stringify({
  workflow: {
    name: "default",
    version: "1.0",
    routes: [
      { name: "all_events", filter: {}, actions: [{ type: "log", level: "info", message: "Processed {{.Type}}" }] },
    ],
  },
});

/** Settings of fi-fhir as a tree (S4.32, S4.34). No credential is in it: paths of files say where those are. */
export function settings(args: FiFhirArgs) {
  const database = databaseAddress(args);
  return {
    server: { host: "0.0.0.0", port: HTTP_PORT },
    workflow: { configPath: `${PATHS.config}/workflow.yaml`, dlqEnabled: true },
    observability: {
      metricsEnabled: true,
      metricsPort: METRICS_PORT,
      logLevel: args.logLevel ?? "info",
      // S4.35: one object per line, with trace_id and span_id of the request.
      logFormat: "json",
      tracingEnabled: true,
      tracingSampler: 0.1,
    },
    database: {
      enabled: true,
      driver: "postgres",
      ...database,
      name: DATABASE.database,
      username: DATABASE.user,
      // PP.23: anything less accepts a certificate of the wrong host, or none.
      sslMode: "verify-full",
      passwordFile: `${PATHS.secrets}/${SECRET_KEYS.databasePassword}`,
      encryptionKeyFile: `${PATHS.secrets}/${SECRET_KEYS.encryptionKey}`,
    },
    fhir: {
      ...(args.fhirServer === undefined ? {} : { baseUrl: args.fhirServer.baseUrl }),
      authType: "bearer",
      bearerTokenFile: `${PATHS.secrets}/${SECRET_KEYS.bearerToken}`,
    },
  };
}

function databaseAddress({ database }: FiFhirArgs): { host: string; port: number } {
  return database.kind === "in-cluster"
    ? { host: DATABASE_HOST, port: DATABASE.port }
    : { host: database.host, port: database.port ?? 5432 };
}

/** The same settings as the image reads them: `database.sslMode` is `FI_FHIR_DATABASE_SSL_MODE`. */
export function environment(args: FiFhirArgs): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [section, values] of Object.entries(settings(args))) {
    // The image drops the section's name for observability: FI_FHIR_LOG_LEVEL.
    const prefix = section === "observability" ? "FI_FHIR" : `FI_FHIR_${constant(section)}`;
    for (const [key, value] of Object.entries(values)) own[`${prefix}_${constant(key)}`] = String(value);
  }
  return { ...own, ...databaseTls(args), ...tracing(args) };
}

/** Standard variables of PostgreSQL clients: the authority, and our own certificate where the server asks for it. */
export function databaseTls({ database }: FiFhirArgs): Record<string, string> {
  const authority = { PGSSLROOTCERT: `${PATHS.databaseTls}/ca.crt` };
  if (database.kind === "external") return authority;
  return { ...authority, PGSSLCERT: `${PATHS.databaseTls}/tls.crt`, PGSSLKEY: `${PATHS.databaseTls}/tls.key` };
}

function tracing({ tracing: collector }: FiFhirArgs): Record<string, string> {
  const service = { OTEL_SERVICE_NAME: SYSTEM };
  if (collector === undefined) return service;
  return { ...service, OTEL_EXPORTER_OTLP_ENDPOINT: `http://${collector.host}:${String(collector.port)}` };
}

function constant(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();
}

/** ConfigMap `fi-fhir`, S4.18 and S4.47. */
export function configMap(args: FiFhirArgs) {
  return {
    metadata: { name: SYSTEM, namespace: NAMESPACE, labels: { "app.kubernetes.io/name": SYSTEM } },
    data: { "config.yaml": stringify(settings(args)), "workflow.yaml": args.workflow ?? DEFAULT_WORKFLOW },
  };
}

/** Changes with the content, so that pods restart when what they read at start changes. */
export function checksum(data: Readonly<Record<string, string>>): string {
  return createHash("sha256")
    .update(JSON.stringify(Object.entries(data).sort()))
    .digest("hex")
    .slice(0, 16);
}
