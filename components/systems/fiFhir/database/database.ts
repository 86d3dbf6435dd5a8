import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SecretSource } from "../../../contracts";
import { claimSpec, HardenedWorkload, SecuredNamespace, serviceAccountArgs, times } from "../../../hardening";
import { networkPolicy } from "../../../network";
import { SyncedSecret, VaultSecretStore } from "../../../secrets";
import { databaseNetworkPolicies } from "../access";
import type { InClusterDatabase, IssuerReference } from "../args";
import { certificate } from "../certificates";
import { DATABASE, DATABASE_HOST, SYSTEM } from "../names";
import { databaseSecret } from "../vault";
import { backupJobs } from "./backups";
import { backupConfig, backupScripts, databaseConfig, databaseScripts, restoreConfig } from "./configMaps";
import { databaseSpec, repositoryVolume, storageOf } from "./statefulSet";
import { dependingOn } from "../../../dependingOn";

export interface FiFhirDatabaseArgs extends InClusterDatabase {
  kubernetesVersion: string;
  secrets: SecretSource;
  issuer: IssuerReference;
  /** @default "1h" */
  secretRefresh?: string | undefined;
  /** @default true */
  userNamespaces?: boolean;
}

const { namespace, name: NAME } = DATABASE;

/** PostgreSQL of fi-fhir in namespace `database`: own identity, own secrets, own certificates, backups and archive. */
export class FiFhirDatabase extends pulumi.ComponentResource {
  constructor(name: string, args: FiFhirDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fhir-landing-zone:systems:FiFhirDatabase", name, { ...args }, opts);

    const closed = createNamespace(this, args, opts);
    const inside = { parent: this, dependsOn: [closed] };
    const identities = createIdentities(args, inside);
    const configuration = createConfiguration(args, inside);
    const certificates = createCertificates(args.issuer, inside);
    const policies = createNetworkPolicies(args, inside);
    const repository = createRepository(args, inside);
    const secrets = createSecrets(args, { parent: this, dependsOn: [closed, ...identities] });

    const ready = [...identities, ...configuration, ...certificates, ...policies, ...repository, secrets];
    const server = createServer(args, { parent: this, dependsOn: ready });
    createBackups(args, { parent: this, dependsOn: [...ready, server] });
    this.registerOutputs({});
  }
}

interface Inside {
  parent: pulumi.Resource;
  dependsOn: pulumi.Resource[];
}

/** Not meshed: the connection has TLS 1.3 and client certificates of its own (docs/decisions/fi-fhir-database.md). */
function createNamespace(parent: pulumi.Resource, args: FiFhirDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
  const spec = {
    namespace,
    kubernetesVersion: args.kubernetesVersion,
    dataClassification: "phi" as const,
    // The data, the drill's copy of it, and a repository on a claim for trials.
    quota: { storage: times(args.size ?? "10Gi", 3) },
  };
  return new SecuredNamespace(namespace, spec, {
    parent,
    ...dependingOn(opts),
  });
}

function createIdentities({ googleServiceAccount }: FiFhirDatabaseArgs, inside: Inside) {
  const annotations = googleServiceAccount && { "iam.gke.io/gcp-service-account": googleServiceAccount };
  return [NAME, DATABASE.backup].map((account) => {
    const labels = { name: account, partOf: SYSTEM };
    const spec = { name: account, namespace, labels, ...(annotations ? { annotations } : {}) };
    return new kubernetes.core.v1.ServiceAccount(account, serviceAccountArgs(spec), inside);
  });
}

function createConfiguration(args: FiFhirDatabaseArgs, inside: Inside) {
  const maps = [databaseConfig(args), databaseScripts(), backupConfig(args), restoreConfig(args), backupScripts()];
  return maps.map((map) => new kubernetes.core.v1.ConfigMap(map.metadata.name, map, inside));
}

/** The server's name is what clients verify; the backup jobs' common name is what the backup server lets in. */
function createCertificates(issuer: IssuerReference, inside: Inside) {
  const dnsNames = [DATABASE_HOST, `${NAME}.${namespace}.svc`];
  return [
    certificate({ name: DATABASE.serverCertificate, namespace, issuer, dnsNames, usages: ["server auth"] }),
    certificate({
      name: DATABASE.backupCertificate,
      namespace,
      issuer,
      commonName: DATABASE.backup,
      dnsNames: [`${DATABASE.backup}.${namespace}.svc`],
      usages: ["client auth"],
    }),
  ].map((object) => new kubernetes.apiextensions.CustomResource(object.metadata.name, object, inside));
}

function createNetworkPolicies({ backupEgress = [] }: FiFhirDatabaseArgs, inside: Inside) {
  return databaseNetworkPolicies(backupEgress).map(
    (spec) => new kubernetes.networking.v1.NetworkPolicy(spec.name, networkPolicy(spec), inside),
  );
}

function createSecrets({ secrets, secretRefresh }: FiFhirDatabaseArgs, inside: Inside) {
  const store = new VaultSecretStore(
    `${NAME}-vault-backend`,
    { namespace, name: "vault-backend", source: secrets, role: NAME, serviceAccount: NAME },
    inside,
  );
  return new SyncedSecret(
    `${NAME}-secrets`,
    {
      namespace,
      name: `${NAME}-secrets`,
      target: DATABASE.secret,
      store: "vault-backend",
      refreshInterval: secretRefresh,
      data: databaseSecret(),
    },
    { parent: inside.parent, dependsOn: [store] },
  );
}

function createServer(args: FiFhirDatabaseArgs, inside: Inside) {
  const service = {
    metadata: {
      name: NAME,
      namespace,
      labels: { "app.kubernetes.io/name": NAME },
      // The pod that it leads to is made after it.
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: {
      // Headless: the name is the pod's own address, and stays when the pod moves.
      clusterIP: "None",
      selector: { "app.kubernetes.io/name": NAME },
      ports: [
        { name: "tcp-postgres", port: DATABASE.port, targetPort: "tcp-postgres", protocol: "TCP", appProtocol: "tcp" },
        {
          name: "tcp-backup",
          port: DATABASE.backupPort,
          targetPort: "tcp-backup",
          protocol: "TCP",
          appProtocol: "tcp",
        },
      ],
    },
  };
  const headless = new kubernetes.core.v1.Service(NAME, service, inside);
  return new HardenedWorkload(NAME, databaseSpec(args, args.userNamespaces ?? true), {
    parent: inside.parent,
    dependsOn: [...inside.dependsOn, headless],
  });
}

/** For `file://` storage only; the server archives into it too, so it comes first. */
function createRepository(args: FiFhirDatabaseArgs, inside: Inside) {
  return repositoryVolume(args).map(({ claim = "" }) => {
    // Many classes bind a claim only when a pod uses it: waiting for it here would be for ever.
    const metadata = { name: claim, namespace, annotations: { "pulumi.com/skipAwait": "true" } };
    const spec = claimSpec({ name: "backups", path: "", ...storageOf(args) });
    return new kubernetes.core.v1.PersistentVolumeClaim(claim, { metadata, spec }, inside);
  });
}

function createBackups(args: FiFhirDatabaseArgs, inside: Inside) {
  for (const job of backupJobs(args, args.userNamespaces ?? true)) new HardenedWorkload(job.name, job, inside);
}
