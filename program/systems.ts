import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Cluster, MeshIdentity } from "../components/contracts";
import { VaultAccess, VaultSecret } from "../components/secrets";
import { FiFhir, type FiFhirArgs, type VaultNeeds, type VaultSeed } from "../components/systems/fiFhir";
import type { LandingZoneConfig, StackConfig } from "../config";
import type { Platform } from "./platform";

/** Addresses of the systems, for the stack's outputs. */
export type Systems = Record<string, string>;

export function createSystems({ config }: StackConfig, cluster: Cluster, platform: Platform): Systems {
  const { fiFhir } = config.systems;
  if (!fiFhir?.enabled) return {};
  const args = fiFhirArgs(config, fiFhir, cluster, platform);
  const prepared = prepareVault("fi-fhir", FiFhir.vault({ database: args.database }), platform);
  const system = new FiFhir("fi-fhir", args, {
    provider: cluster.provider,
    dependsOn: [...platform.ready, ...prepared],
  });
  return { fiFhir: system.url };
}

type FiFhirConfig = NonNullable<LandingZoneConfig["systems"]["fiFhir"]>;

function fiFhirArgs(
  config: LandingZoneConfig,
  settings: FiFhirConfig,
  cluster: Cluster,
  platform: Platform,
): FiFhirArgs {
  const { database, backup, fhirServer, host, tlsIssuer, internalIssuer, ...rest } = settings;
  return {
    ...rest,
    image: config.images.fiFhir,
    kubernetesVersion: cluster.kubernetesVersion,
    hostname: host,
    mesh: meshIdentity(config),
    secrets: platform.secrets,
    publicIssuer: { name: tlsIssuer },
    internalIssuer: { name: internalIssuer },
    monitoring: config.monitoring,
    fhirServer: {
      baseUrl: fhirServer.baseUrl,
      egress: fhirServer.cidrs.map((cidr) => ({ cidr, port: fhirServer.port })),
    },
    database:
      database.kind === "in-cluster"
        ? {
            kind: "in-cluster",
            image: config.images.postgres,
            size: database.storage,
            ...(database.storageClass ? { storageClass: database.storageClass } : {}),
            backupStorage: `gs://${backup.bucket}/fi-fhir`,
            backupEgress: backup.cidrs.map((cidr) => ({ cidr })),
          }
        : { ...database, toolsImage: config.images.postgres },
  };
}

function meshIdentity({ mesh }: LandingZoneConfig): MeshIdentity {
  return {
    trustDomain: mesh.trustDomain,
    injectionLabels: { "istio.io/rev": mesh.revision },
    controlPlaneNamespace: mesh.controlPlaneNamespace,
    gateway: mesh.gateway,
  };
}

/** Roles, policies and generated values of one system. Without the right to write into Vault its owners set them up. */
function prepareVault(
  system: string,
  needs: VaultNeeds,
  { vaultAdmin: admin, secrets: source, generatesSecrets }: Platform,
): pulumi.Resource[] {
  if (!admin) return [];
  const access = needs.access.map(
    (request) => new VaultAccess(`${system}-${request.role}-access`, { ...request, admin, source }),
  );
  if (!generatesSecrets) return access;
  return [...access, ...seedSecrets(system, needs.seeds, admin, source)];
}

function seedSecrets(
  system: string,
  seeds: readonly VaultSeed[],
  admin: NonNullable<Platform["vaultAdmin"]>,
  source: Platform["secrets"],
): pulumi.Resource[] {
  const paths = Map.groupBy(seeds, ({ path }) => path);
  return [...paths].map(([path, properties]) => {
    const data = Object.fromEntries(
      properties.map((seed) => [seed.property, generated(`${system}-${seed.path}-${seed.property}`, seed)]),
    );
    return new VaultSecret(`${system}-${path.replaceAll("/", "-")}-secret`, { admin, source, path, data });
  });
}

/** A credential that another system would issue is random too: on this machine there is nobody to present it to. */
function generated(name: string, { value }: VaultSeed): pulumi.Output<string> {
  const { bytes, encoding } = value.kind === "random" ? value : { bytes: 32, encoding: "base64url" as const };
  const made = new random.RandomBytes(name.replaceAll("/", "-"), { length: bytes });
  return pulumi.secret(encoding === "hex" ? made.hex : made.base64.apply(toBase64Url));
}

const toBase64Url = (base64: string): string => Buffer.from(base64, "base64").toString("base64url");
