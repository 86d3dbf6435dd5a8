import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster, SecretSource } from "../contracts";
import { PLUGIN_VERSION, type VaultAdmin } from "./vaultAdmin";
import { dependingOn } from "../dependingOn";

export interface EmbeddedVaultArgs {
  /** The cluster whose ServiceAccounts log in. */
  cluster: Cluster;
  /** Data directory, relative to the project: storage, keys, certificates, audit log. Beside the cluster's own data. */
  directory: string;
  /** Namespace, which must exist, for the identity as which Vault asks this cluster whose token it was shown. */
  namespace: string;
}

const REVIEWER = "vault-token-reviewer";
const KV_MOUNT = "secret";
const AUTH_MOUNT = "kubernetes";
const AUDIENCE = "vault";

class EmbeddedVaultResource extends pulumi.CustomResource {
  declare readonly address: pulumi.Output<string>;
  declare readonly caBundle: pulumi.Output<string>;
  declare readonly token: pulumi.Output<string>;
  declare readonly auditLog: pulumi.Output<string>;

  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    const outputs = { address: undefined, caBundle: undefined, token: undefined, auditLog: undefined };
    super("landingzone:embedded:Vault", name, { ...inputs, ...outputs }, opts);
  }
}

/** RBAC of the token reviewer: it may ask whose token this is and what its owner may do, and nothing else. */
export function reviewerBindingArgs(namespace: string): kubernetes.rbac.v1.ClusterRoleBindingArgs {
  return {
    metadata: { name: REVIEWER },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:auth-delegator" },
    subjects: [{ kind: "ServiceAccount", name: REVIEWER, namespace }],
  };
}

/**
 * A Vault of this machine's own, a real server next to the embedded control plane: TLS, audit log, KV v2 and Kubernetes
 * auth against the cluster. One key share, in a file of the data directory: fit for development, not for production.
 */
export class EmbeddedVault extends pulumi.ComponentResource {
  /** For SecretStores. */
  readonly source: SecretSource;
  /** For `VaultAccess` and `VaultSecret`: a token with what they need, not root's. */
  readonly admin: VaultAdmin;
  /** Path of the audit log, relative to the project; values in it are hashed with a key of Vault's. */
  readonly auditLog: pulumi.Output<string>;

  constructor(name: string, args: EmbeddedVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, directory, namespace } = args;
    super("fhir-landing-zone:secrets:EmbeddedVault", name, { directory, namespace }, opts);
    const inCluster: pulumi.CustomResourceOptions = {
      parent: this,
      provider: cluster.provider,
      ...dependingOn(opts),
    };
    const reviewer = new kubernetes.core.v1.ServiceAccount(
      `${name}-reviewer`,
      // No pod runs as it.
      { metadata: { name: REVIEWER, namespace }, automountServiceAccountToken: false },
      inCluster,
    );
    const binding = new kubernetes.rbac.v1.ClusterRoleBinding(
      `${name}-reviewer`,
      reviewerBindingArgs(namespace),
      inCluster,
    );
    const vault = new EmbeddedVaultResource(
      name,
      {
        directory,
        kubeconfig: pulumi.secret(cluster.kubeconfig),
        reviewer: { namespace, serviceAccount: REVIEWER },
        kvMount: KV_MOUNT,
        authMount: AUTH_MOUNT,
      },
      {
        parent: this,
        version: PLUGIN_VERSION,
        additionalSecretOutputs: ["token", "kubeconfig"],
        dependsOn: [reviewer, binding],
      },
    );
    const { address, caBundle, token, auditLog } = vault;
    this.source = { server: address, caBundle, kvMount: KV_MOUNT, authMount: AUTH_MOUNT, audience: AUDIENCE };
    this.admin = { address, caBundle, token, resource: vault };
    this.auditLog = auditLog;
    this.registerOutputs({ address, caBundle, auditLog });
  }
}
