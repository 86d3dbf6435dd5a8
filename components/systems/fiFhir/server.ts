import type { DeploymentSpec, FileMount } from "../../hardening";
import type { FiFhirArgs } from "./args";
import { checksum, configMap, environment, PATHS } from "./config";
import { DATABASE_CA, DATABASE_CLIENT, HTTP_PORT, METRICS_PORT, NAMESPACE, SECRET, SECRET_KEYS, SYSTEM } from "./names";

/** S4.13 to S4.17: the Deployment, as the hardening builds it from this. */
export function serverSpec(args: FiFhirArgs): DeploymentSpec {
  return {
    kind: "Deployment",
    name: SYSTEM,
    namespace: NAMESPACE,
    labels: { name: SYSTEM, component: "server" },
    // Made before the workload: the SecretStore shows this account to Vault.
    serviceAccount: SYSTEM,
    image: args.image,
    command: ["/fi-fhir"],
    args: ["serve"],
    env: environment(args),
    ports: { http: HTTP_PORT, metrics: METRICS_PORT },
    replicas: args.replicas ?? 2,
    // Three failures at 5 s take a broken pod out of the Service within half of the pod's 30 s RTO.
    readiness: { path: "/ready", periodSeconds: 5 },
    liveness: { path: "/health" },
    startup: { path: "/health", periodSeconds: 2, failureThreshold: 30 },
    writable: { "/tmp": "32Mi" },
    files: [...applicationFiles(), ...databaseTlsFiles(args)],
    annotations: { "fhir-landing-zone/config-checksum": checksum(configMap(args).data) },
    meshed: true,
    userNamespace: args.userNamespaces ?? true,
    ...(args.imagePullSecrets === undefined ? {} : { imagePullSecrets: args.imagePullSecrets }),
  };
}

/** Configuration, and the secrets of fi-fhir as files: readable by its group only, in memory on the node. */
export function applicationFiles(): FileMount[] {
  return [
    { path: PATHS.config, configMap: SYSTEM },
    { path: PATHS.secrets, secret: SECRET, keys: Object.values(SECRET_KEYS) },
  ];
}

/** What `verify-full` needs (S4.32). */
export function databaseTlsFiles({ database }: FiFhirArgs): FileMount[] {
  return database.kind === "external"
    ? [{ path: PATHS.databaseTls, configMap: DATABASE_CA, keys: ["ca.crt"] }]
    : [{ path: PATHS.databaseTls, secret: DATABASE_CLIENT, keys: ["ca.crt", "tls.crt", "tls.key"] }];
}

/** Service of S4.17; the ports' names tell the mesh what is spoken on them. */
export function serviceArgs() {
  return {
    metadata: { name: SYSTEM, namespace: NAMESPACE, labels: { "app.kubernetes.io/name": SYSTEM } },
    spec: {
      type: "ClusterIP",
      selector: { "app.kubernetes.io/name": SYSTEM },
      ports: [
        { name: "http", port: HTTP_PORT, targetPort: "http", protocol: "TCP", appProtocol: "http" },
        { name: "http-metrics", port: METRICS_PORT, targetPort: "metrics", protocol: "TCP", appProtocol: "http" },
      ],
    },
  };
}
