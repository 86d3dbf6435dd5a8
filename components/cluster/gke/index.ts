import * as gcp from "@pulumi/gcp";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../contracts";
import { clusterArgs, type ControlPlaneSettings } from "./clusterArgs";
import { gkeKubeconfig } from "./kubeconfig";
import { natArgs, networkArgs, subnetworkArgs, type NetworkRanges } from "./network";
import { NODE_ROLES, nodePoolArgs, type NodePoolSettings } from "./nodePoolArgs";

/** Ninety days: the longest rotation period that CIS GKE and the pack's GKE controls accept. */
const KEY_ROTATION = `${90 * 24 * 3600}s`;

export interface GkeClusterArgs {
  name: string;
  project: string;
  /** Number of that project: Google names its service agents by it. A literal, so that previews need no cloud account. */
  projectNumber: string;
  region: string;
  /** Kubernetes minor that charts are rendered for; the release channel decides which patch runs. */
  kubernetesVersion: string;
  ranges: NetworkRanges & { controlPlane: string };
  releaseChannel: ControlPlaneSettings["releaseChannel"];
  authorizedNetworks: ControlPlaneSettings["authorizedNetworks"];
  privateEndpoint: boolean;
  dataplane: ControlPlaneSettings["dataplane"];
  deletionProtection: boolean;
  nodePool: Pick<NodePoolSettings, "machineType" | "minPerZone" | "maxPerZone">;
  kms: { keyRing: string; key: string };
  labels: Readonly<Record<string, string>>;
}

/** A private, regional GKE cluster with one node pool, hardened by default. */
export class GkeCluster extends pulumi.ComponentResource implements Cluster {
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: kubernetes.Provider;
  readonly kubernetesVersion: string;
  readonly server: pulumi.Output<string>;

  constructor(name: string, args: GkeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fhir-landing-zone:cluster:GkeCluster", name, args, opts);
    const own = { parent: this };
    const { project, region } = args;

    const network = new gcp.compute.Network(`${name}-network`, { project, ...networkArgs(args.name) }, own);
    const subnetwork = new gcp.compute.Subnetwork(
      `${name}-nodes`,
      { project, ...subnetworkArgs(args.name, region, network.id, args.ranges) },
      own,
    );
    const router = new gcp.compute.Router(
      `${name}-router`,
      { project, name: args.name, region, network: network.id },
      own,
    );
    const nat = new gcp.compute.RouterNat(`${name}-nat`, { project, ...natArgs(args.name, region, router.name) }, own);

    const key = this.encryptionKey(name, args);
    const nodeAccount = this.nodeServiceAccount(name, args);

    const cluster = new gcp.container.Cluster(
      `${name}-cluster`,
      clusterArgs(
        { ...args, location: region, controlPlaneRange: args.ranges.controlPlane },
        { network: network.id, subnetwork: subnetwork.id, secretsKey: key.id },
      ),
      { ...own, protect: args.deletionProtection, dependsOn: [nat, ...key.users] },
    );
    const nodes = new gcp.container.NodePool(
      `${name}-nodes`,
      nodePoolArgs(
        {
          ...args.nodePool,
          name: args.name,
          project,
          location: region,
          dataplane: args.dataplane,
          labels: args.labels,
        },
        { cluster: cluster.name, serviceAccount: nodeAccount.email, diskKey: key.id },
      ),
      { ...own, dependsOn: [...nodeAccount.roles, ...key.users] },
    );

    this.kubernetesVersion = args.kubernetesVersion;
    this.server = pulumi.interpolate`https://${cluster.endpoint}`;
    this.kubeconfig = pulumi.secret(
      pulumi
        .all([cluster.endpoint, cluster.masterAuth.clusterCaCertificate])
        .apply(([endpoint, certificateAuthority]) =>
          gkeKubeconfig({ name: args.name, endpoint, certificateAuthority }),
        ),
    );
    this.provider = new kubernetes.Provider(
      `${name}-provider`,
      // The identifier stays when the endpoint or its certificate changes, so that nothing on the cluster is replaced.
      {
        kubeconfig: this.kubeconfig,
        enableServerSideApply: true,
        clusterIdentifier: `gke/${project}/${region}/${args.name}`,
      },
      { ...own, dependsOn: [nodes] },
    );
    this.registerOutputs({ server: this.server });
  }

  /** One key for Secrets in etcd and for boot disks, and the right of the two Google services to use it. */
  private encryptionKey(name: string, { project, projectNumber, region, kms }: GkeClusterArgs) {
    const own = { parent: this };
    const ring = new gcp.kms.KeyRing(`${name}-keys`, { project, location: region, name: kms.keyRing }, own);
    const key = new gcp.kms.CryptoKey(
      `${name}-key`,
      { name: kms.key, keyRing: ring.id, rotationPeriod: KEY_ROTATION, purpose: "ENCRYPT_DECRYPT" },
      // What was encrypted with it can't be read any more once it is gone.
      { ...own, protect: true },
    );
    const users = ["container-engine-robot", "compute-system"].map(
      (service) =>
        new gcp.kms.CryptoKeyIAMMember(
          `${name}-key-${service}`,
          {
            cryptoKeyId: key.id,
            role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
            member: `serviceAccount:service-${projectNumber}@${service}.iam.gserviceaccount.com`,
          },
          own,
        ),
    );
    return { id: key.id, users };
  }

  private nodeServiceAccount(name: string, { project, name: clusterName }: GkeClusterArgs) {
    const own = { parent: this };
    const account = new gcp.serviceaccount.Account(
      `${name}-node-account`,
      { project, accountId: `${clusterName}-nodes`, displayName: `Nodes of ${clusterName}` },
      own,
    );
    const roles = NODE_ROLES.map(
      (role) =>
        new gcp.projects.IAMMember(
          `${name}-node-${role.replace("roles/", "")}`,
          { project, role, member: pulumi.interpolate`serviceAccount:${account.email}` },
          own,
        ),
    );
    return { email: account.email, roles };
  }
}
