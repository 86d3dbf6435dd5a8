import type * as kubernetes from "@pulumi/kubernetes";
import type { MeshIdentity } from "../contracts";
import { podSecurityLabels } from "./podSecurity";

/** What is in a namespace, for reviewers, policies and retention rules. `phi` = protected health information. */
export type DataClassification = "phi" | "internal" | "public";

/** Upper bounds of a whole namespace. */
export interface NamespaceQuota {
  /** @default 20 */
  pods?: number;
  /** CPU that pods may ask for. @default "4" */
  cpu?: string;
  /** Memory that pods may ask for. @default "8Gi" */
  memory?: string;
  /** Node disk that pods may ask for. @default "8Gi" */
  ephemeralStorage?: string;
  /** Sum of all claims. @default "0": a namespace that stores data says so */
  storage?: string;
}

export interface NamespaceSpec {
  namespace: string;
  /** Kubernetes version, for the pinned Pod Security version: pass `Cluster.kubernetesVersion`. */
  kubernetesVersion: string;
  /** What the namespace holds. @default "phi": the strictest handling unless somebody decides otherwise */
  dataClassification?: DataClassification;
  /** Puts the namespace into the mesh. @default not meshed */
  mesh?: MeshIdentity;
  quota?: NamespaceQuota;
}

export function namespaceArgs(spec: NamespaceSpec) {
  const labels: Record<string, string> = {
    ...podSecurityLabels(spec.kubernetesVersion),
    ...spec.mesh?.injectionLabels,
    "fhir-landing-zone/data-classification": spec.dataClassification ?? "phi",
    "app.kubernetes.io/managed-by": "pulumi",
  };
  return { metadata: { name: spec.namespace, labels } } satisfies kubernetes.types.input.core.v1.Namespace;
}

/** Nothing may ask for more than the system needs, so one namespace can't starve the others. */
export function resourceQuotaArgs({ namespace, quota = {} }: NamespaceSpec) {
  const { pods = 20, cpu = "4", memory = "8Gi", ephemeralStorage = "8Gi", storage = "0" } = quota;
  return {
    metadata: { name: `${namespace}-quota`, namespace },
    spec: {
      hard: {
        pods: String(pods),
        "requests.cpu": cpu,
        "requests.memory": memory,
        "requests.ephemeral-storage": ephemeralStorage,
        // Limits must be set (a quota makes them mandatory) and may be twice what is asked for.
        "limits.cpu": times(cpu, 2),
        "limits.memory": times(memory, 2),
        "limits.ephemeral-storage": times(ephemeralStorage, 2),
        "requests.storage": storage,
        // The gateway is the only way in (PP.9).
        "services.nodeports": "0",
        "services.loadbalancers": "0",
      },
    },
  } satisfies kubernetes.types.input.core.v1.ResourceQuota;
}

/** `times("8Gi", 2)` → `"16Gi"`. */
export function times(quantity: string, factor: number): string {
  return quantity.replace(/^\d+(\.\d+)?/, (number) => String(Number(number) * factor));
}

/** Amounts for containers that say nothing, such as the injected sidecar's disk; and the most that one may ask for. */
export function limitRangeArgs({ namespace }: NamespaceSpec) {
  return {
    metadata: { name: `${namespace}-limits`, namespace },
    spec: {
      limits: [
        {
          type: "Container",
          default: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "100Mi" },
          defaultRequest: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "50Mi" },
          max: { cpu: "4", memory: "8Gi", "ephemeral-storage": "10Gi" },
        },
      ],
    },
  } satisfies kubernetes.types.input.core.v1.LimitRange;
}

/**
 * The ServiceAccount `default`, which the controller makes by itself, gets no token. A pod that names no account then
 * has no identity towards the API server. `patchForce`: the field is ours whoever set it.
 */
export function defaultServiceAccountArgs({ namespace }: NamespaceSpec) {
  return {
    metadata: { name: "default", namespace, annotations: { "pulumi.com/patchForce": "true" } },
    automountServiceAccountToken: false,
  } satisfies kubernetes.core.v1.ServiceAccountPatchArgs;
}
