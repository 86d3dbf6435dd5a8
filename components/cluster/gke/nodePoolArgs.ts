import type * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

export interface NodePoolSettings {
  name: string;
  project: string;
  location: string;
  machineType: string;
  /** Nodes in each zone, at least. */
  minPerZone: number;
  /** Nodes in each zone, at most. */
  maxPerZone: number;
  /** See `ControlPlaneSettings.dataplane`. */
  dataplane: "v2" | "cilium";
  labels: Readonly<Record<string, string>>;
}

export interface NodePoolLinks {
  cluster: pulumi.Input<string>;
  serviceAccount: pulumi.Input<string>;
  /** Cloud KMS key of the boot disks (CIS GKE 5.9.1). */
  diskKey: pulumi.Input<string>;
}

/** Roles that a node needs to report what it does and to pull images, and nothing else (CIS GKE 5.2.1). */
export const NODE_ROLES = [
  "roles/logging.logWriter",
  "roles/monitoring.metricWriter",
  "roles/monitoring.viewer",
  "roles/stackdriver.resourceMetadata.writer",
  "roles/artifactregistry.reader",
] as const;

export function nodePoolArgs(settings: NodePoolSettings, links: NodePoolLinks): gcp.container.NodePoolArgs {
  return {
    name: settings.name,
    project: settings.project,
    location: settings.location,
    cluster: links.cluster,
    autoscaling: { minNodeCount: settings.minPerZone, maxNodeCount: settings.maxPerZone },
    management: { autoRepair: true, autoUpgrade: true },
    upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
    networkConfig: { enablePrivateNodes: true },
    nodeConfig: {
      machineType: settings.machineType,
      imageType: "COS_CONTAINERD",
      serviceAccount: links.serviceAccount,
      // The service account's roles decide; the scope must not be a second, older filter beside them.
      oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
      bootDiskKmsKey: links.diskKey,
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      // Pods see GKE's metadata server and so their own identity, never the node's.
      workloadMetadataConfig: { mode: "GKE_METADATA" },
      metadata: { "disable-legacy-endpoints": "true" },
      kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
      labels: settings.labels,
      // Pods must wait for a self-managed Cilium, or they start without any policy (X.6).
      ...(settings.dataplane === "cilium"
        ? { taints: [{ key: "node.cilium.io/agent-not-ready", value: "true", effect: "NO_EXECUTE" }] }
        : {}),
    },
  };
}
