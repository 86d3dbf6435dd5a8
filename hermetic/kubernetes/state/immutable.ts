import { plain, type JsonObject } from "../../protocol/values";
import { groupOf, type ObjectKind } from "../identity";
import { at } from "../objects";
import { isWithin, type Changes } from "./diff";

/* Fields that the API server never changes on an existing object. Used where it can't be asked; it has the last word. */

interface Rule {
  field: string;
  /** Parts of the field that may change all the same; `[*]` stands for any index. */
  except?: readonly string[];
}

const selector: Rule = { field: "spec.selector" };

const RULES: Record<string, readonly Rule[]> = {
  "/PersistentVolume": [
    {
      field: "spec",
      except: [
        "accessModes",
        "capacity",
        "claimRef",
        "mountOptions",
        "persistentVolumeReclaimPolicy",
        "storageClassName",
        "volumeAttributesClassName",
      ].map((key) => `spec.${key}`),
    },
  ],
  "/PersistentVolumeClaim": [{ field: "spec", except: ["spec.resources.requests", "spec.volumeAttributesClassName"] }],
  "/Pod": [
    {
      field: "spec",
      except: [
        "spec.activeDeadlineSeconds",
        "spec.containers[*].image",
        "spec.initContainers[*].image",
        "spec.schedulingGates",
        "spec.terminationGracePeriodSeconds",
        "spec.tolerations",
      ],
    },
  ],
  "/Secret": [{ field: "type" }],
  "/Service": [{ field: "spec.clusterIP" }, { field: "spec.clusterIPs" }],
  "apiextensions.k8s.io/CustomResourceDefinition": [
    { field: "spec.group" },
    { field: "spec.names.kind" },
    { field: "spec.names.plural" },
    { field: "spec.scope" },
  ],
  "apps/DaemonSet": [selector],
  "apps/Deployment": [selector],
  "apps/ReplicaSet": [selector],
  "apps/StatefulSet": [
    {
      field: "spec",
      except: [
        "minReadySeconds",
        "ordinals",
        "persistentVolumeClaimRetentionPolicy",
        "replicas",
        "revisionHistoryLimit",
        "template",
        "updateStrategy",
      ].map((key) => `spec.${key}`),
    },
  ],
  "batch/Job": [
    selector,
    { field: "spec.template" },
    { field: "spec.completionMode" },
    { field: "spec.completions" },
    { field: "spec.backoffLimitPerIndex" },
    { field: "spec.managedBy" },
    { field: "spec.podFailurePolicy" },
    { field: "spec.successPolicy" },
  ],
  "discovery.k8s.io/EndpointSlice": [{ field: "addressType" }],
  "networking.k8s.io/IngressClass": [{ field: "spec.controller" }],
  "node.k8s.io/RuntimeClass": [{ field: "handler" }],
  "rbac.authorization.k8s.io/ClusterRoleBinding": [{ field: "roleRef" }],
  "rbac.authorization.k8s.io/RoleBinding": [{ field: "roleRef" }],
  "scheduling.k8s.io/PriorityClass": [{ field: "value" }, { field: "preemptionPolicy" }],
  "storage.k8s.io/StorageClass": [
    { field: "parameters" },
    { field: "provisioner" },
    { field: "reclaimPolicy" },
    { field: "volumeBindingMode" },
  ],
  "storage.k8s.io/VolumeAttributesClass": [{ field: "driverName" }, { field: "parameters" }],
};

const CONTENTS: readonly Rule[] = ["binaryData", "data", "immutable", "stringData"].map((field) => ({ field }));

/** What a provider's settings add to the table. */
export interface Mutability {
  /** False: a changed ConfigMap is replaced, as the official provider does by default. */
  configMaps: boolean;
  secrets: boolean;
}

/** The changed paths that can only be had with a new object. */
export function immutableChanges(
  kind: ObjectKind,
  oldInputs: JsonObject,
  changes: Changes,
  mutable: Mutability,
): string[] {
  const name = `${groupOf(kind.apiVersion)}/${kind.kind}`;
  const frozen =
    plain(at(oldInputs, "immutable") ?? null) === true ||
    (name === "/ConfigMap" && !mutable.configMaps) ||
    (name === "/Secret" && !mutable.secrets);
  const holdsData = name === "/ConfigMap" || name === "/Secret";
  const rules = [...(RULES[name] ?? []), ...(holdsData && frozen ? CONTENTS : [])];
  return Object.keys(changes).filter((path) => {
    const anyIndex = path.replace(/\[\d+\]/g, "[*]");
    return rules.some(
      ({ field, except }) =>
        isWithin(anyIndex, field) && !(except ?? []).some((mutablePart) => isWithin(anyIndex, mutablePart)),
    );
  });
}
