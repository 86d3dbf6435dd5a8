import { arch } from "node:process";
import { waitUntilReady } from "../waiting";
import type { Api, KubernetesObject } from "./api";
import type { ClusterInputs } from "./inputs";
import { USERS } from "./pki";
import { PROVISIONER } from "./stages";
import type { StartOptions } from "./start";

/** What a new cluster needs before its components can play their part: path of the collection, and the object. */
export function baseObjects(): [path: string, object: KubernetesObject][] {
  return [
    ["/apis/rbac.authorization.k8s.io/v1/clusterroles", kwokRole()],
    ["/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", kwokBinding()],
    ["/apis/storage.k8s.io/v1/storageclasses", storageClass()],
  ];
}

const KWOK = "landing-zone:kwok";

/** What KWOK does in place of kubelets and a storage driver, and nothing else: it can't read a Secret. */
function kwokRole(): KubernetesObject {
  const rule = (group: string, resources: string[], verbs: string[]) => ({ apiGroups: [group], resources, verbs });
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: KWOK },
    rules: [
      rule("", ["nodes", "pods"], ["get", "list", "watch", "patch"]),
      rule("", ["nodes/status", "pods/status"], ["patch", "update"]),
      rule("", ["pods"], ["delete"]),
      rule("", ["persistentvolumeclaims"], ["get", "list", "watch"]),
      rule("", ["persistentvolumes"], ["get", "list", "watch", "create", "patch", "delete"]),
      rule("coordination.k8s.io", ["leases"], ["get", "list", "watch", "create", "update", "patch"]),
      rule("", ["events"], ["create", "patch", "update"]),
      rule("events.k8s.io", ["events"], ["create", "patch", "update"]),
    ],
  };
}

function kwokBinding(): KubernetesObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: KWOK },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: KWOK },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: USERS.kwok.commonName }],
  };
}

/** Volumes wait for their pod's node, as on GKE and kind, so that what binds here binds there. */
function storageClass(): KubernetesObject {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "simulated", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: PROVISIONER,
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
  };
}

const NODES = "/api/v1/nodes";
const NODE_LABEL = "landing-zone/node";
const ZONES = ["a", "b", "c"];

export function nodeNames({ nodes }: Pick<ClusterInputs, "nodes">): string[] {
  return Array.from({ length: nodes.count }, (_, index) => `node-${index + 1}`);
}

/** Registers the nodes that are wanted and removes those of ours that are not any more. */
export async function applyNodes(api: Api, inputs: ClusterInputs): Promise<void> {
  const wanted = nodeNames(inputs);
  await Promise.all(wanted.map((name, index) => api.apply(NODES, node(name, index, inputs.kubernetesVersion))));
  const present = await api.list(NODES, NODE_LABEL);
  const surplus = present.filter(({ metadata }) => !wanted.includes(metadata.name));
  await Promise.all(surplus.map(({ metadata }) => api.delete(`${NODES}/${metadata.name}`)));
}

/** Waits until the controllers are at work (a namespace has its ServiceAccount) and every node is ready. */
export async function everythingReady(
  api: Api,
  inputs: ClusterInputs,
  { status, ...wait }: StartOptions,
): Promise<void> {
  const ready = async (): Promise<boolean> => {
    const accounts = await api.list("/api/v1/namespaces/default/serviceaccounts");
    if (accounts.length === 0) throw new Error("the controllers have not begun yet");
    const nodes = (await api.list(NODES, NODE_LABEL)) as {
      status?: { conditions?: { type: string; status: string }[] };
    }[];
    const readyNodes = nodes.filter(({ status }) =>
      status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True"),
    );
    if (readyNodes.length >= inputs.nodes.count) return true;
    throw new Error(`${readyNodes.length} of ${inputs.nodes.count} nodes are ready`);
  };
  await waitUntilReady(ready, { ...wait, what: "The cluster", onWait: (_, reason) => status(reason) });
}

/** A node in one of three zones, so that spreading over zones and hosts can be seen. */
function node(name: string, index: number, kubernetesVersion: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        [NODE_LABEL]: "simulated",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": arch === "x64" ? "amd64" : arch,
        "topology.kubernetes.io/region": "local",
        "topology.kubernetes.io/zone": ZONES[index % ZONES.length] ?? "a",
      },
      annotations: {
        "kwok.x-k8s.io/node": "fake",
        "landing-zone/kubelet-version": `v${kubernetesVersion}`,
      },
    },
  };
}
