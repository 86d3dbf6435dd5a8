import { groupOf, type ObjectKind } from "./identity";

/* Where the server can't be asked: the built-in kinds that live in no namespace. */
const CLUSTER_SCOPED: Record<string, readonly string[]> = {
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
  "certificates.k8s.io": ["CertificateSigningRequest", "ClusterTrustBundle"],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema", "PriorityLevelConfiguration"],
  "networking.k8s.io": ["IngressClass", "IPAddress", "ServiceCIDR"],
  "node.k8s.io": ["RuntimeClass"],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding"],
  "resource.k8s.io": ["DeviceClass", "ResourceSlice"],
  "scheduling.k8s.io": ["PriorityClass"],
  "storage.k8s.io": ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
};

const BUILT_IN_GROUPS = new Set([
  ...Object.keys(CLUSTER_SCOPED),
  "apps",
  "autoscaling",
  "batch",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "policy",
]);

/** Whether a kind lives in a namespace; undefined for custom resources, which only the server knows. */
export function isNamespaced({ apiVersion, kind }: ObjectKind): boolean | undefined {
  const group = groupOf(apiVersion);
  if (!BUILT_IN_GROUPS.has(group)) return undefined;
  return !(CLUSTER_SCOPED[group] ?? []).includes(kind);
}
