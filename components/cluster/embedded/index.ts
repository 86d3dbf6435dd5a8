import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../contracts";
import { auditPolicy } from "../../hardening/auditPolicy";
import {
  EmbeddedClusterResource,
  type EncryptionAtRest,
  type PodSecurityDefaults,
  type SimulatedNodes,
} from "./clusterResource";

export type { EncryptionAtRest, PodSecurityDefaults, SimulatedNodes } from "./clusterResource";

export interface EmbeddedClusterArgs {
  /** Name of the cluster and of its data directory. @default the component's name */
  clusterName?: string;
  /** Data directory, relative to the project. @default `.landing-zone/clusters/<clusterName>`: ignored by git, one for each clone */
  directory?: string;
  /** Version of the Kubernetes programs on PATH, without `v`. A new one restarts them on the same data. @default "1.36.3" */
  kubernetesVersion?: string;
  /** @default three simulated nodes */
  nodes?: SimulatedNodes;
  /** Namespaces with protected health information: the audit log keeps the bodies of what is written there (S4.36). */
  phiNamespaces: readonly string[];
  podSecurity?: PodSecurityDefaults;
  encryption?: EncryptionAtRest;
}

const KUBERNETES_VERSION = "1.36.3";

/**
 * A Kubernetes control plane of real programs on this machine (etcd, API server, controller manager, scheduler) with
 * simulated nodes: admission, validation, RBAC, audit and encryption are real, the pods are not. Needs no Docker.
 */
export class EmbeddedCluster extends pulumi.ComponentResource implements Cluster {
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: kubernetes.Provider;
  readonly kubernetesVersion: string;
  readonly server: pulumi.Output<string>;
  /** PEM of the API server's authority, base64. */
  readonly certificateAuthority: pulumi.Output<string>;
  /** Path of the audit log, relative to the project. */
  readonly auditLog: pulumi.Output<string>;
  /** Names of the nodes. */
  readonly nodeNames: pulumi.Output<string[]>;

  constructor(name: string, args: EmbeddedClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fhir-landing-zone:cluster:EmbeddedCluster", name, args, opts);
    const clusterName = args.clusterName ?? name;
    this.kubernetesVersion = args.kubernetesVersion ?? KUBERNETES_VERSION;

    const cluster = new EmbeddedClusterResource(
      name,
      {
        name: clusterName,
        directory: args.directory ?? `.landing-zone/clusters/${clusterName}`,
        kubernetesVersion: this.kubernetesVersion,
        nodes: args.nodes ?? { kind: "simulated" },
        auditPolicy: auditPolicy({ phiNamespaces: args.phiNamespaces }),
        podSecurity: args.podSecurity ?? {},
        encryption: args.encryption ?? {},
      },
      { parent: this },
    );
    this.kubeconfig = cluster.kubeconfig;
    this.server = cluster.server;
    this.certificateAuthority = cluster.certificateAuthority;
    this.auditLog = cluster.auditLog;
    this.nodeNames = cluster.nodeNames;

    this.provider = new kubernetes.Provider(
      `${name}-provider`,
      {
        kubeconfig: cluster.kubeconfig,
        // A renewed certificate or another port is the same cluster: without a fixed identity either would replace
        // every object on it.
        clusterIdentifier: `embedded/${clusterName}`,
        enableServerSideApply: true,
      },
      { parent: this },
    );
    this.registerOutputs({ server: this.server, auditLog: this.auditLog });
  }
}
