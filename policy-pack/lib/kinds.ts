/** Kinds of the API groups of Kubernetes that live outside namespaces. */
const CLUSTER_SCOPED = new Set([
  "APIService",
  "CSIDriver",
  "CSINode",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterTrustBundle",
  "ComponentStatus",
  "CustomResourceDefinition",
  "DeviceClass",
  "DeviceTaintRule",
  "FlowSchema",
  "IPAddress",
  "IngressClass",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PodSecurityPolicy",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "ResourceSlice",
  "RuntimeClass",
  "SelfSubjectAccessReview",
  "SelfSubjectReview",
  "SelfSubjectRulesReview",
  "ServiceCIDR",
  "StorageClass",
  "StorageVersion",
  "StorageVersionMigration",
  "SubjectAccessReview",
  "TokenReview",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
]);

export function isClusterScoped(kind: string): boolean {
  return CLUSTER_SCOPED.has(kind);
}

const CORE_GROUPS = new Set(["", "apps", "autoscaling", "batch", "extensions", "policy"]);

/** Groups below k8s.io whose kinds are custom resources all the same. */
const EXTERNAL_GROUPS =
  /^(snapshot\.storage|gateway\.networking|metrics|external\.metrics|custom\.metrics|node\.alpha)\.k8s\.io$|\.x-k8s\.io$/;

/** True for the groups that the API server itself serves. */
export function isKubernetesGroup(group: string): boolean {
  return CORE_GROUPS.has(group) || (/^[a-z-]+(\.[a-z-]+)*\.k8s\.io$/.test(group) && !EXTERNAL_GROUPS.test(group));
}
