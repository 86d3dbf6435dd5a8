import { ArgumentError } from "../argumentError";
import { groupOf, titleOf, type KubernetesObject } from "./object";
import { isDefinition } from "./order";

export type Scope = "Namespaced" | "Cluster";

/** Kinds of Kubernetes itself that are in no namespace, by group. */
const CLUSTER_SCOPED: Readonly<Record<string, readonly string[]>> = {
  "": ["ComponentStatus", "Namespace", "Node", "PersistentVolume"],
  "admissionregistration.k8s.io": [
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
  ],
  "apiextensions.k8s.io": ["CustomResourceDefinition"],
  "apiregistration.k8s.io": ["APIService"],
  apps: [],
  autoscaling: [],
  batch: [],
  "certificates.k8s.io": ["CertificateSigningRequest", "ClusterTrustBundle"],
  "coordination.k8s.io": [],
  "discovery.k8s.io": [],
  "events.k8s.io": [],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema", "PriorityLevelConfiguration"],
  "networking.k8s.io": ["IPAddress", "IngressClass", "ServiceCIDR"],
  "node.k8s.io": ["RuntimeClass"],
  policy: [],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding"],
  "resource.k8s.io": ["DeviceClass", "ResourceSlice"],
  "scheduling.k8s.io": ["PriorityClass"],
  "storage.k8s.io": ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
  "storagemigration.k8s.io": ["StorageVersionMigration"],
};

/**
 * Writes the release's namespace into every object that has none and needs one, as an installation by helm would.
 * @param scopes scopes of custom kinds by `group/Kind`
 */
export function withNamespaces(
  chart: string,
  objects: readonly KubernetesObject[],
  namespace: string,
  scopes: Readonly<Record<string, Scope>>,
): KubernetesObject[] {
  return objects.map((object) => {
    if (object.metadata.namespace !== undefined) return object;
    if (scopeOf(chart, object, scopes) === "Cluster") return object;
    return { ...object, metadata: { ...object.metadata, namespace } };
  });
}

/** Scopes of the custom kinds that are defined among the objects. */
export function definedScopes(objects: readonly KubernetesObject[]): Record<string, Scope> {
  const specs = objects
    .filter(isDefinition)
    .map(({ spec }) => spec as { group: string; scope: Scope; names: { kind: string } });
  return Object.fromEntries(specs.map(({ group, scope, names }) => [`${group}/${names.kind}`, scope]));
}

function scopeOf(chart: string, object: KubernetesObject, scopes: Readonly<Record<string, Scope>>): Scope {
  const builtIn = CLUSTER_SCOPED[groupOf(object)];
  if (builtIn) return builtIn.includes(object.kind) ? "Cluster" : "Namespaced";
  const kind = `${groupOf(object)}/${object.kind}`;
  const scope = scopes[kind];
  if (scope) return scope;
  throw new ArgumentError({
    where: `chart "${chart}"`,
    argument: `scopes["${kind}"]`,
    problem: `is needed: ${titleOf(object)} has no namespace, and the chart does not define its kind`,
    given: undefined,
    allowed: "Namespaced or Cluster",
    fix: "see spec.scope of the kind's CustomResourceDefinition",
  });
}
