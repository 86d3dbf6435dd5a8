import { z } from "zod";
import { caPem, fqdn, httpsUrl, name, namespace, pattern, word } from "../scalars";
import { bytes, image } from "../scalarsKubernetes";
import { egressCidr } from "../scalarsNetwork";

export const images = z
  .strictObject({
    fiFhir: image().default("registry.gitlab.flexinfer.ai/libs/fi-fhir:v1.0.0").meta({ description: "The service." }),
    externalSecrets: image()
      .default("oci.external-secrets.io/external-secrets/external-secrets:v0.20.4")
      .meta({ description: "The External Secrets controller, where it runs in the cluster." }),
    postgres: image()
      .default("registry.example.com/libs/postgres-pgbackrest:17.6")
      .meta({
        description:
          "Its database, when in the cluster, and the tools for it: PostgreSQL with pgBackRest and the official image's entrypoint. " +
          "The default is a placeholder, because no public image has both.",
      }),
  })
  .meta({ description: "Images of workloads. On prod each needs a digest: a tag can be moved." });

const sslMode = z
  .literal("verify-full")
  .default("verify-full")
  .meta({ description: "Anything less can be impersonated (S4.32)." });

const database = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z
      .literal("in-cluster")
      .meta({ description: "PostgreSQL in the namespace `database`, with continuous archiving." }),
    storage: bytes().default("20Gi").meta({ description: "Size of its volume." }),
    storageClass: name()
      .optional()
      .meta({ description: "An encrypted class. The cluster's default class if not set." }),
    sslMode,
  }),
  z.strictObject({
    kind: z.literal("external").meta({ description: "PostgreSQL outside the cluster." }),
    host: fqdn().meta({ description: "Name in its certificate: verify-full compares it." }),
    port: z.int().min(1).max(65535).default(5432).meta({ description: "PostgreSQL's own port." }),
    cidr: egressCidr().meta({ description: "Where it is, for the NetworkPolicy." }),
    caPem: caPem().meta({ description: "Authority that signed its certificate." }),
    sslMode,
  }),
]);

const backup = z.strictObject({
  bucket: pattern(/^(?!goog)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, "is not a bucket name", {
    allowed: "3 to 63 of a-z, 0-9, '.', '_' and '-', not starting with goog; the name only, without gs://",
    fix: "write it like acme-fi-fhir-backups",
  }).meta({ description: "Bucket of Google Cloud Storage that backups and the archived log go to." }),
  cidrs: z
    .array(egressCidr())
    .min(1)
    .default(["199.36.153.8/30"])
    .meta({ description: "Where that is, for the NetworkPolicy: private.googleapis.com." }),
  googleServiceAccount: pattern(
    /^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z][a-z0-9-]{4,28}[a-z0-9]\.iam\.gserviceaccount\.com$/,
    "is not the address of a Google service account",
    { allowed: "NAME@PROJECT.iam.gserviceaccount.com", fix: "list them with `gcloud iam service-accounts list`" },
  )
    .optional()
    .meta({
      description: "Account that may write the bucket, through Workload Identity. The pods' own principals if not set.",
    }),
});

const fhirServer = z.strictObject({
  baseUrl: httpsUrl().meta({
    description: "Its base URL. The bearer token and patients' data go there, so https only.",
  }),
  cidrs: z.array(egressCidr()).min(1).meta({ description: "Blocks that it is in, for the NetworkPolicy." }),
  port: z.int().min(1).max(65535).default(443).meta({ description: "Port of the base URL, for the NetworkPolicy." }),
});

const tracing = z.strictObject({
  namespace: namespace().meta({ description: "Where the collector runs." }),
  labels: z.record(z.string(), z.string()).meta({ description: "Labels of its pods." }),
  host: fqdn().meta({ description: "Name of its Service." }),
  port: z.int().min(1).max(65535).default(4317).meta({ description: "OTLP over gRPC." }),
});

const fiFhir = z.strictObject({
  enabled: z.boolean().default(true).meta({ description: "Whether it is deployed." }),
  host: fqdn().meta({ description: "Host name that clients use." }),
  replicas: z
    .int()
    .min(2)
    .max(50)
    .default(2)
    .meta({ description: "Two at least: one replica and a disruption budget would block every drain." }),
  ingress: z
    .enum(["istio", "nginx"])
    .default("istio")
    .meta({ description: "Way in. ingress-nginx is no longer maintained, so istio unless you must." }),
  tlsIssuer: name().default("letsencrypt-prod").meta({ description: "ClusterIssuer of cert-manager." }),
  internalIssuer: name().default("internal-ca").meta({
    description:
      "ClusterIssuer for the certificates between service and database: no public authority signs such names.",
  }),
  fhirServer: fhirServer.meta({ description: "The FHIR server it writes to." }),
  database: database.prefault({ kind: "in-cluster" }).meta({ description: "Its database." }),
  backup: backup.meta({ description: "Where backups go." }),
  operatorsGroup: word("a group name")
    .default("fi-fhir-operators")
    .meta({ description: "Group that may look and restart. On GKE the address of a Google group." }),
  logLevel: z
    .enum(["debug", "info", "warn", "error"])
    .default("info")
    .meta({ description: "`debug` may print bodies, thus patients' data." }),
  tracing: tracing.optional().meta({ description: "Collector for traces. Without one trace ids are in the log only." }),
  secretRefresh: pattern(/^([1-9]|[1-5]\d)m$|^([1-9]|1\d|2[0-4])h$/, "is not a refresh interval", {
    allowed: "1m to 59m, or 1h to 24h",
    fix: "write it like 15m or 1h",
  })
    .default("1h")
    .meta({ description: "How soon a value that was rotated in Vault arrives." }),
  userNamespaces: z
    .boolean()
    .default(true)
    .meta({ description: "Root in a pod is nobody on its node. Turn off for nodes without support." }),
  imagePullSecrets: z
    .array(name())
    .optional()
    .meta({ description: "Pull secrets in the namespace `fi-fhir`, for a private registry." }),
});

export const systems = z
  .strictObject({ fiFhir: fiFhir.optional().meta({ description: "The fi-fhir workflow service (S4)." }) })
  .meta({ description: "The healthcare systems on the cluster." });
