import type { MeshIdentity, SecretSource } from "../../contracts";

/** A cert-manager issuer that exists. */
export interface IssuerReference {
  name: string;
  /** @default "ClusterIssuer" */
  kind?: "ClusterIssuer" | "Issuer";
}

/** A way out to addresses, for a NetworkPolicy. */
export interface Outlet {
  /** IPv4 from /16, IPv6 from /48. */
  cidr: string;
  /** @default 443 */
  port?: number;
}

/** PostgreSQL in the cluster, in a namespace of its own. */
export interface InClusterDatabase {
  kind: "in-cluster";
  /** PostgreSQL ≥ 15 with pgBackRest ≥ 2.45 and the official image's entrypoint. */
  image: string;
  /** User id of PostgreSQL in that image. @default 999, the official Debian image */
  user?: number;
  /** @default "10Gi" */
  size?: string;
  /** An encrypted class (PP.20). @default the cluster's default class */
  storageClass?: string;
  /** Where base backups and WAL go: `gs://BUCKET/PATH`, or `file:///PATH` on a claim, which is for trials only. */
  backupStorage: string;
  /** Ways out to that storage. @default none: right for `file://` only */
  backupEgress?: readonly Outlet[];
  /** Google service account that may write the bucket, through Workload Identity. @default none: the pods' own principals */
  googleServiceAccount?: string;
}

/** PostgreSQL that somebody else runs, for instance Cloud SQL: backups and point-in-time recovery are its owner's. */
export interface ExternalDatabase {
  kind: "external";
  /** Name that its certificate is for. */
  host: string;
  /** @default 5432 */
  port?: number;
  /** Narrow block that the host is in. */
  cidr: string;
  /** PEM of the authority that signed its certificate; public. */
  caPem: string;
  /** Image with psql, for the maintenance jobs. */
  toolsImage: string;
}

/** Prometheus: who scrapes, and what its operator selects. */
export interface Monitoring {
  /** @default "monitoring" */
  namespace?: string;
  /** @default "prometheus" */
  serviceAccount?: string;
  /** Labels of the Prometheus pods. @default { "app.kubernetes.io/name": "prometheus" } */
  podLabels?: Readonly<Record<string, string>>;
  /** Labels that the operator selects rules and monitors by. @default none: it selects all */
  objectLabels?: Readonly<Record<string, string>>;
  /** Directory in the Prometheus container with the mesh certificate. @default "/etc/prom-certs" */
  meshCertificates?: string;
}

/** The FHIR server that fi-fhir writes to. */
export interface FhirServer {
  /** https only. */
  baseUrl: string;
  /** Outside the cluster: the narrow blocks it is in (S4.21: never 10.0.0.0/8). */
  egress?: readonly Outlet[];
  /** Inside the cluster: its pods. Cilium does not match them by address. */
  pods?: { namespace: string; labels: Readonly<Record<string, string>>; port: number };
}

export interface FiFhirArgs {
  /** fi-fhir itself, built for user 65532; by digest in production. */
  image: string;
  /** Version of the cluster without `v`: pass `Cluster.kubernetesVersion`. */
  kubernetesVersion: string;
  /** Name that clients outside use, for instance `fi-fhir.example.com`. */
  hostname: string;
  mesh: MeshIdentity;
  /** Where secrets come from. What must be in it: {@link fiFhirVault}. */
  secrets: SecretSource;
  database: InClusterDatabase | ExternalDatabase;
  /** Signs the certificate that clients outside see. @default { name: "letsencrypt-prod" } */
  publicIssuer?: IssuerReference;
  /** Signs the certificates between fi-fhir and its database. Not used with an external database. */
  internalIssuer: IssuerReference;
  /** @default none: nothing is reachable, and the workflows may only write to the database */
  fhirServer?: FhirServer;
  /** @default 2; more than that needs no change elsewhere */
  replicas?: number;
  /** `nginx` is the seed's controller; it was retired in March 2026. @default "istio" */
  ingress?: "istio" | "nginx";
  monitoring?: Monitoring;
  /** Collector that takes traces over OTLP/gRPC. @default none: trace ids are in the log, spans stay in the pod */
  tracing?: { namespace: string; labels: Readonly<Record<string, string>>; host: string; port: number };
  /** S4.34. @default "info" */
  logLevel?: "debug" | "info" | "warn" | "error";
  /** Group of the identity provider that operates the system; privileged, see the runbook. @default "fi-fhir-operators" */
  operatorsGroup?: string;
  /** Workflow definition, YAML. @default logs every event */
  workflow?: string;
  /** User namespaces for all pods: turn off for nodes without support. @default true */
  userNamespaces?: boolean;
  /** How soon a value that was rotated in Vault arrives (S4.27). @default "1h" */
  secretRefresh?: string | undefined;
  /** Pull secrets of the namespace `fi-fhir`, for a private registry (S4.11). @default none */
  imagePullSecrets?: readonly string[];
}
