import type * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { POD_RANGE, SERVICE_RANGE } from "./network";

export interface ControlPlaneSettings {
  name: string;
  project: string;
  location: string;
  /** @default "REGULAR": new versions weeks after RAPID, security fixes as fast. */
  releaseChannel: "REGULAR" | "STABLE" | "RAPID";
  /** /28 of the control plane's own network. */
  controlPlaneRange: string;
  /** Ranges that may reach the API server besides the cluster itself. */
  authorizedNetworks: readonly { name: string; cidr: string }[];
  /** Whether the API server has only its private address. */
  privateEndpoint: boolean;
  /** `v2` is GKE's own Cilium; `cilium` leaves the data plane to a self-managed one (X.6). */
  dataplane: "v2" | "cilium";
  /** Off only in test environments, where `pulumi destroy` must work. */
  deletionProtection: boolean;
  labels: Readonly<Record<string, string>>;
}

export interface ControlPlaneLinks {
  network: pulumi.Input<string>;
  subnetwork: pulumi.Input<string>;
  /** Cloud KMS key that encrypts Secrets in etcd (S4.25; CIS GKE 5.3.1). */
  secretsKey: pulumi.Input<string>;
}

/** Arguments of a hardened control plane. Control ids are those of the policy pack's catalogue. */
export function clusterArgs(settings: ControlPlaneSettings, links: ControlPlaneLinks): gcp.container.ClusterArgs {
  return {
    name: settings.name,
    project: settings.project,
    location: settings.location,
    network: links.network,
    subnetwork: links.subnetwork,
    networkingMode: "VPC_NATIVE",
    ipAllocationPolicy: { clusterSecondaryRangeName: POD_RANGE, servicesSecondaryRangeName: SERVICE_RANGE },
    // The default pool can't be hardened after the fact; ours is a resource of its own.
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    releaseChannel: { channel: settings.releaseChannel },
    deletionProtection: settings.deletionProtection,
    // A node that has no public address can't be reached from outside, whatever is misconfigured behind it (CIS GKE 5.6.5).
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: settings.privateEndpoint,
      masterIpv4CidrBlock: settings.controlPlaneRange,
    },
    masterAuthorizedNetworksConfig: {
      cidrBlocks: settings.authorizedNetworks.map(({ name, cidr }) => ({ displayName: name, cidrBlock: cidr })),
      gcpPublicCidrsAccessEnabled: false,
    },
    // Static credentials outlive the people who had them (CIS GKE 5.8.1-5.8.4).
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    enableLegacyAbac: false,
    anonymousAuthenticationConfig: { mode: "LIMITED" },
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    // Pods get identities of their own instead of the node's (CIS GKE 5.2.2).
    workloadIdentityConfig: { workloadPool: `${settings.project}.svc.id.goog` },
    databaseEncryption: { state: "ENCRYPTED", keyName: links.secretsKey },
    datapathProvider: settings.dataplane === "v2" ? "ADVANCED_DATAPATH" : "LEGACY_DATAPATH",
    enableShieldedNodes: true,
    enableIntranodeVisibility: true,
    binaryAuthorization: { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" },
    loggingConfig: {
      enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"],
    },
    monitoringConfig: {
      enableComponents: ["SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"],
      managedPrometheus: { enabled: true },
    },
    securityPostureConfig: { mode: "BASIC", vulnerabilityMode: "VULNERABILITY_ENTERPRISE" },
    costManagementConfig: { enabled: true },
    addonsConfig: {
      gcePersistentDiskCsiDriverConfig: { enabled: true },
      dnsCacheConfig: { enabled: true },
      gkeBackupAgentConfig: { enabled: true },
    },
    maintenancePolicy: {
      recurringWindow: {
        startTime: "2026-01-03T02:00:00Z",
        endTime: "2026-01-03T08:00:00Z",
        recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
      },
    },
    resourceLabels: settings.labels,
  };
}
