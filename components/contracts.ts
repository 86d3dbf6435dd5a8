import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** What every kind of cluster (embedded, kind, GKE, existing) hands to the rooms above it. */
export interface Cluster {
  /** Kubeconfig as YAML or JSON; always secret, unknown until the cluster exists. */
  readonly kubeconfig: pulumi.Output<string>;
  /** The one provider for everything on this cluster: CRD owners and users must share it. */
  readonly provider: kubernetes.Provider;
  /** Kubernetes version without `v`, known at preview: charts are rendered for it. */
  readonly kubernetesVersion: string;
  /** API server URL as workloads outside the cluster reach it; used by Vault to review tokens. */
  readonly server: pulumi.Output<string>;
}

/** Who a workload is on the mesh. Principals are always built from this one trust domain (X.8). */
export interface MeshIdentity {
  /** SPIFFE trust domain. */
  readonly trustDomain: string;
  /** Label that puts a namespace into the mesh, for instance `{ "istio.io/rev": "default" }`. */
  readonly injectionLabels: Readonly<Record<string, string>>;
  /** Namespace of istiod, which every sidecar must reach on 15012. */
  readonly controlPlaneNamespace: string;
  /** The ingress gateway's pods: the only way in. */
  readonly gateway: {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly labels: Readonly<Record<string, string>>;
  };
}

/** Where secrets come from: a Vault KV v2 mount that a namespace's own ServiceAccount reads through External Secrets. */
export interface SecretSource {
  /** Vault URL, https only. */
  readonly server: pulumi.Input<string>;
  /** PEM bundle, base64, of the authority that signed Vault's certificate. */
  readonly caBundle: pulumi.Input<string>;
  /** KV v2 mount, for instance `secret`. */
  readonly kvMount: string;
  /** Mount of the Kubernetes auth method, for instance `kubernetes`. */
  readonly authMount: string;
  /** Audience of the ServiceAccount token that is shown to Vault. */
  readonly audience: string;
  /**
   * Makes a controller serve a namespace, where none serves the whole cluster. A store depends on what it returns, so the
   * controller is there before the store and outlives it.
   */
  readonly serve?: (request: ServeRequest) => pulumi.Resource;
}

/** A namespace with a store in it. */
export interface ServeRequest {
  readonly namespace: string;
  /** The ServiceAccount that the store logs in as. */
  readonly serviceAccount: string;
  /** What the store waits for, the namespace among it. */
  readonly dependsOn?: pulumi.ResourceOptions["dependsOn"];
}

/** An access that a system needs in Vault: one role, one policy, bound to one ServiceAccount of one namespace. */
export interface VaultAccessRequest {
  /** Name of role and policy, for instance `fi-fhir`. */
  readonly role: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** KV v2 paths below the mount that may be read, for instance `fi-fhir/*`. */
  readonly readPaths: readonly string[];
}
