import * as pulumi from "@pulumi/pulumi";
import type { AuditPolicy } from "../../hardening/auditPolicy";

/** Nodes that KWOK simulates: real scheduling and admission, but nothing runs on them. */
export interface SimulatedNodes {
  kind: "simulated";
  /** @default 3: one in each of three zones, the least on which spreading can be seen. */
  count?: number;
}

type PodSecurityLevel = "privileged" | "baseline" | "restricted";

/** Pod Security for namespaces without labels of their own. */
export interface PodSecurityDefaults {
  /** @default "baseline": what a forgotten namespace still admits; ours are labelled `restricted`. */
  enforce?: PodSecurityLevel;
  /** @default "restricted" */
  audit?: PodSecurityLevel;
  /** @default "restricted" */
  warn?: PodSecurityLevel;
  /** @default "v1.36": pinned, so that an upgrade of Kubernetes does not change what is admitted. */
  version?: string;
  /** @default ["kube-system"] */
  exemptNamespaces?: string[];
}

/** Encryption of what etcd stores. The keys are made and kept by the plugin, in the data directory. */
export interface EncryptionAtRest {
  /** @default ["secrets"]. A resource stays encrypted once it is, also when it is taken off the list. */
  resources?: string[];
  /** Raise it to rotate: a new key is made, everything is encrypted anew, the old key is forgotten. @default 1 */
  generation?: number;
}

export interface EmbeddedClusterResourceArgs {
  name: string;
  directory: string;
  kubernetesVersion: string;
  nodes: SimulatedNodes;
  auditPolicy: AuditPolicy;
  podSecurity: PodSecurityDefaults;
  encryption: EncryptionAtRest;
}

/** `landingzone:embedded:Cluster` of our own plugin: the processes of a control plane on this machine. */
export class EmbeddedClusterResource extends pulumi.CustomResource {
  /** Secret: the administrator's certificate and key are in it. */
  declare readonly kubeconfig: pulumi.Output<string>;
  declare readonly server: pulumi.Output<string>;
  /** PEM, base64. */
  declare readonly certificateAuthority: pulumi.Output<string>;
  /** Path of the audit log, relative to the project. */
  declare readonly auditLog: pulumi.Output<string>;
  declare readonly nodeNames: pulumi.Output<string[]>;

  constructor(name: string, args: EmbeddedClusterResourceArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      kubeconfig: undefined,
      server: undefined,
      certificateAuthority: undefined,
      auditLog: undefined,
      nodeNames: undefined,
    };
    super(
      "landingzone:embedded:Cluster",
      name,
      { ...args, ...outputs },
      {
        version: "0.1.0",
        additionalSecretOutputs: ["kubeconfig"],
        ...opts,
      },
    );
  }
}
