import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { HardenedWorkload, SecuredNamespace, serviceAccountArgs } from "../../hardening";
import { MeshPolicies } from "../../mesh";
import { networkPolicy } from "../../network";
import { SyncedSecret, VaultSecretStore } from "../../secrets";
import { networkPolicies, permissions } from "./access";
import type { FiFhirArgs } from "./args";
import { certificate } from "./certificates";
import { checkArgs } from "./checkArgs";
import { configMap } from "./config";
import { FiFhirDatabase } from "./database/database";
import { gatewayObjects, meshDestinations, nginxIngress, publicCertificate } from "./ingress";
import { configBackup, dlqReplay, encryptPayload, maintenanceScripts } from "./maintenance";
import { proxyMonitor, prometheusRule, serviceMonitor } from "./monitoring";
import { DATABASE, DATABASE_CA, DATABASE_CLIENT, NAMESPACE, SECRET, SERVER_LABELS, SYSTEM } from "./names";
import { operatorBinding, operatorRole } from "./operators";
import { serverSpec, serviceArgs } from "./server";
import { applicationSecret, fiFhirVault, type VaultNeeds } from "./vault";
import { dependingOn } from "../../dependingOn";

/** fi-fhir (S4) with everything that its hardening guide asks for; what it needs in Vault is {@link FiFhir.vault}. */
export class FiFhir extends pulumi.ComponentResource {
  /** What must be in Vault before the component is created, as plain data. */
  static readonly vault = fiFhirVault;
  /** The accesses of the default set-up, with the database in the cluster. */
  static readonly vaultAccess: VaultNeeds["access"] = fiFhirVault({ database: { kind: "in-cluster" } }).access;

  /** URL for clients outside. */
  readonly url: string;

  constructor(name: string, args: FiFhirArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArgs(args);
    super("fhir-landing-zone:systems:FiFhir", name, { ...args }, opts);
    this.url = `https://${args.hostname}`;

    const closed = createNamespace(this, args, opts);
    const inside = { parent: this, dependsOn: [closed] };
    const identity = new kubernetes.core.v1.ServiceAccount(SYSTEM, serviceAccount(), inside);
    const secrets = createSecrets(args, { parent: this, dependsOn: [closed, identity] });
    const configuration = createConfiguration(args, inside);
    const policies = createNetworkPolicies(args, inside);
    const mesh = createMesh(args, inside);
    const database = createDatabase(this, args, opts);
    createOperators(args, inside);

    const ready = [identity, secrets, ...configuration, ...policies, mesh, ...database];
    const server = createServer(args, { parent: this, dependsOn: ready });
    createIngress(args, { parent: this, dependsOn: [...ready, server] });
    createMaintenance(args, { parent: this, dependsOn: ready });
    createMonitoring(args, inside);
    this.registerOutputs({ url: this.url });
  }
}

interface Inside {
  parent: pulumi.Resource;
  dependsOn: pulumi.Resource[];
}

function createNamespace(parent: pulumi.Resource, args: FiFhirArgs, opts?: pulumi.ComponentResourceOptions) {
  const spec = { namespace: NAMESPACE, kubernetesVersion: args.kubernetesVersion, mesh: args.mesh };
  return new SecuredNamespace(NAMESPACE, spec, { parent, ...dependingOn(opts) });
}

function serviceAccount() {
  return serviceAccountArgs({ name: SYSTEM, namespace: NAMESPACE, labels: { name: SYSTEM } });
}

/** S4.26 and S4.27: fi-fhir's own account reads Vault, no other does. */
function createSecrets({ secrets, secretRefresh }: FiFhirArgs, inside: Inside) {
  const store = new VaultSecretStore(
    "fi-fhir-vault-backend",
    { namespace: NAMESPACE, name: "vault-backend", source: secrets, role: SYSTEM, serviceAccount: SYSTEM },
    inside,
  );
  return new SyncedSecret(
    "fi-fhir-secrets",
    {
      namespace: NAMESPACE,
      name: "fi-fhir-secrets",
      target: SECRET,
      store: "vault-backend",
      refreshInterval: secretRefresh,
      data: applicationSecret(),
    },
    { parent: inside.parent, dependsOn: [store] },
  );
}

function createConfiguration(args: FiFhirArgs, inside: Inside): pulumi.Resource[] {
  const maps = [configMap(args), maintenanceScripts()].map(
    (map) => new kubernetes.core.v1.ConfigMap(map.metadata.name, map, inside),
  );
  return [...maps, createDatabaseTrust(args, inside)];
}

/** S4.32: the authority that signed the database's certificate and, in the cluster, our own certificate for it. */
function createDatabaseTrust({ database, internalIssuer }: FiFhirArgs, inside: Inside): pulumi.Resource {
  if (database.kind === "external") {
    const authority = { metadata: { name: DATABASE_CA, namespace: NAMESPACE }, data: { "ca.crt": database.caPem } };
    return new kubernetes.core.v1.ConfigMap(DATABASE_CA, authority, inside);
  }
  const object = certificate({
    name: DATABASE_CLIENT,
    namespace: NAMESPACE,
    issuer: internalIssuer,
    // PostgreSQL compares it with the user's name.
    commonName: DATABASE.user,
    usages: ["client auth"],
  });
  return new kubernetes.apiextensions.CustomResource(DATABASE_CLIENT, object, inside);
}

function createNetworkPolicies(args: FiFhirArgs, inside: Inside) {
  return networkPolicies(args).map(
    (spec) => new kubernetes.networking.v1.NetworkPolicy(spec.name, networkPolicy(spec), inside),
  );
}

function createMesh(args: FiFhirArgs, inside: Inside) {
  for (const object of meshDestinations(args)) {
    new kubernetes.apiextensions.CustomResource(`${object.metadata.name}-${object.kind.toLowerCase()}`, object, inside);
  }
  const policies = { namespace: NAMESPACE, labels: SERVER_LABELS, mesh: args.mesh, permissions: permissions(args) };
  return new MeshPolicies(SYSTEM, policies, inside);
}

function createDatabase(parent: pulumi.Resource, args: FiFhirArgs, opts?: pulumi.ComponentResourceOptions) {
  const { database, kubernetesVersion, secrets, internalIssuer, secretRefresh, userNamespaces = true } = args;
  if (database.kind === "external") return [];
  const own = { ...database, kubernetesVersion, secrets, issuer: internalIssuer, secretRefresh, userNamespaces };
  return [new FiFhirDatabase("fi-fhir-database", own, { parent, ...dependingOn(opts) })];
}

function createOperators({ operatorsGroup }: FiFhirArgs, inside: Inside) {
  const role = new kubernetes.rbac.v1.Role("fi-fhir-operator", operatorRole(), inside);
  const binding = operatorBinding(operatorsGroup);
  new kubernetes.rbac.v1.RoleBinding("fi-fhir-operators", binding, { parent: inside.parent, dependsOn: [role] });
}

function createServer(args: FiFhirArgs, inside: Inside) {
  const server = new HardenedWorkload(SYSTEM, serverSpec(args), inside);
  return new kubernetes.core.v1.Service(SYSTEM, serviceArgs(), { parent: inside.parent, dependsOn: [server] });
}

function createIngress(args: FiFhirArgs, inside: Inside) {
  const object = publicCertificate(args);
  const shown = new kubernetes.apiextensions.CustomResource(object.metadata.name, object, inside);
  const next = { parent: inside.parent, dependsOn: [...inside.dependsOn, shown] };
  if (args.ingress === "nginx") {
    new kubernetes.networking.v1.Ingress(SYSTEM, nginxIngress(args), next);
    return;
  }
  for (const part of gatewayObjects(args)) {
    new kubernetes.apiextensions.CustomResource(`${part.metadata.name}-${part.kind.toLowerCase()}`, part, next);
  }
}

function createMaintenance(args: FiFhirArgs, inside: Inside) {
  for (const job of [dlqReplay(args), configBackup(args), encryptPayload(args)])
    new HardenedWorkload(job.name, job, inside);
}

function createMonitoring(args: FiFhirArgs, inside: Inside) {
  for (const object of [serviceMonitor(args), proxyMonitor(args), prometheusRule(args)]) {
    new kubernetes.apiextensions.CustomResource(`${object.metadata.name}-${object.kind.toLowerCase()}`, object, inside);
  }
}
