import type { FiFhirArgs } from "../../../components/systems/fiFhir";

/** fi-fhir with its database in the cluster, and backups in a bucket. */
export const FI_FHIR: FiFhirArgs = {
  image: "registry.example.com/libs/fi-fhir:v1.0.0@sha256:" + "a".repeat(64),
  kubernetesVersion: "1.36.3",
  hostname: "fi-fhir.example.com",
  mesh: {
    trustDomain: "clinic.example.com",
    injectionLabels: { "istio.io/rev": "default" },
    controlPlaneNamespace: "istio-system",
    gateway: {
      namespace: "istio-ingress",
      serviceAccount: "istio-ingress",
      labels: { istio: "ingress" },
    },
  },
  secrets: {
    server: "https://vault.example.com",
    caBundle: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
    kvMount: "secret",
    authMount: "kubernetes",
    audience: "vault",
  },
  internalIssuer: { name: "internal" },
  database: {
    kind: "in-cluster",
    image: "registry.example.com/libs/postgres-pgbackrest:17.6",
    size: "20Gi",
    backupStorage: "gs://clinic-fi-fhir-backups/production",
    backupEgress: [{ cidr: "199.36.153.8/30" }],
    googleServiceAccount: "fi-fhir-backup@clinic.iam.gserviceaccount.com",
  },
  fhirServer: { baseUrl: "https://fhir.internal.example.com/r4", egress: [{ cidr: "10.20.30.0/28" }] },
  tracing: {
    namespace: "monitoring",
    labels: { "app.kubernetes.io/name": "jaeger" },
    host: "jaeger.monitoring.svc.cluster.local",
    port: 4317,
  },
};

/** The same with a database that somebody else runs. */
export const FI_FHIR_EXTERNAL: FiFhirArgs = {
  ...FI_FHIR,
  database: {
    kind: "external",
    host: "fi-fhir.db.example.com",
    cidr: "10.20.40.8/32",
    caPem: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    toolsImage: "registry.example.com/libs/postgres-pgbackrest:17.6",
  },
};
