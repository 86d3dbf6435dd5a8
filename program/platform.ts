import type * as pulumi from "@pulumi/pulumi";
import { CustomResourceDefinitions } from "../components/charts";
import type { Cluster, SecretSource } from "../components/contracts";
import { SecuredNamespace } from "../components/hardening";
import {
  EmbeddedExternalSecrets,
  EmbeddedVault,
  ExternalSecretsController,
  type VaultAdmin,
} from "../components/secrets";
import type { StackConfig } from "../config";

/** What systems need besides a cluster. */
export interface Platform {
  readonly secrets: SecretSource;
  /** Absent where access to Vault is set up by its owners. */
  readonly vaultAdmin: VaultAdmin | undefined;
  /** Whether values that nobody else issues are generated and written into Vault. */
  readonly generatesSecrets: boolean;
  /** What must be there before the first system. */
  readonly ready: pulumi.Resource[];
}

/** Kinds that the program uses: a definition that nobody needs only makes the state larger and the API server slower. */
const KINDS = {
  istio: ["PeerAuthentication", "AuthorizationPolicy", "Gateway", "VirtualService", "DestinationRule", "ServiceEntry"],
  "prometheus-operator": ["PrometheusRule", "ServiceMonitor", "PodMonitor"],
  "cert-manager": ["Certificate", "Issuer", "ClusterIssuer"],
  "external-secrets": ["SecretStore", "ExternalSecret", "GeneratorState"],
} as const;

export function createPlatform(stack: StackConfig, cluster: Cluster): Platform {
  const definitions = createDefinitions(stack, cluster);
  const { vault } = stack.config;
  if (vault?.provider === "embedded") return embeddedPlatform(stack, cluster, definitions);
  if (vault?.provider === "external") return externalPlatform(stack, cluster, definitions);
  throw new Error("fhir-landing-zone:vault is not set; the systems of this stack need a Vault");
}

function createDefinitions({ config }: StackConfig, { provider }: Cluster): pulumi.Resource[] {
  return Object.entries(KINDS).flatMap(([name, kinds]) => {
    const source = config.crds[name as keyof typeof KINDS];
    return source ? [new CustomResourceDefinitions(name, { source: source.path, kinds }, { provider })] : [];
  });
}

/** Vault and External Secrets as processes beside the embedded cluster. */
function embeddedPlatform({ config }: StackConfig, cluster: Cluster, definitions: pulumi.Resource[]): Platform {
  const { kubernetesVersion, provider } = cluster;
  const directory = `.landing-zone/clusters/${config.cluster.provider === "embedded" ? config.cluster.name : config.stack}`;
  const closed = (namespace: string): SecuredNamespace =>
    new SecuredNamespace(namespace, { namespace, kubernetesVersion, dataClassification: "internal" }, { provider });
  // Only identities live here, no pods.
  const namespace = closed("secrets");
  // Where the ingress gateway would run: systems put the certificates that it shows there.
  const gateway = closed(config.mesh.gateway.namespace);
  const inside = { dependsOn: [namespace] };
  const vault = new EmbeddedVault("vault", { cluster, directory: `${directory}/vault`, namespace: "secrets" }, inside);
  const controller = new EmbeddedExternalSecrets(
    "external-secrets",
    { cluster, directory: `${directory}/external-secrets`, namespace: "secrets" },
    { dependsOn: [namespace, ...definitions] },
  );
  return {
    secrets: { ...vault.source, serve: (request) => controller.serve(request) },
    vaultAdmin: vault.admin,
    generatesSecrets: true,
    ready: [...definitions, vault, gateway],
  };
}

/** A Vault that somebody else runs, read by the External Secrets controller in the cluster. */
function externalPlatform(
  { config, secrets }: StackConfig,
  cluster: Cluster,
  definitions: pulumi.Resource[],
): Platform {
  const { vault } = config;
  if (vault?.provider !== "external") throw new Error("fhir-landing-zone:vault.provider is not external");
  const controller = new ExternalSecretsController(
    "external-secrets",
    {
      kubernetesVersion: cluster.kubernetesVersion,
      override: config.charts["external-secrets"],
      image: config.images.externalSecrets,
      apiServer: { cidrs: apiServerRanges(config) },
      vault: { cidrs: vault.cidrs, port: portOf(vault.server) },
    },
    { provider: cluster.provider, dependsOn: definitions },
  );
  const { server, caBundle, kvMount, authMount, audience } = vault;
  return {
    secrets: { server, caBundle, kvMount, authMount, audience },
    vaultAdmin: secrets.vaultToken ? { address: server, caBundle, token: secrets.vaultToken } : undefined,
    generatesSecrets: false,
    ready: [...definitions, controller],
  };
}

function apiServerRanges({ cluster }: StackConfig["config"]): readonly string[] {
  if (cluster.provider === "gke") return [cluster.ranges.controlPlane];
  if (cluster.provider === "existing") return cluster.apiServerCidrs;
  throw new Error("the embedded cluster runs External Secrets as a process, not in the cluster");
}

const portOf = (url: string): number => Number(new URL(url).port || 443);
