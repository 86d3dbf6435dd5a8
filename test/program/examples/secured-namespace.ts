import type * as kubernetes from "@pulumi/kubernetes";
import { SecuredNamespace } from "../../../components/hardening";

export function securedNamespace(provider: kubernetes.Provider): SecuredNamespace {
  return new SecuredNamespace(
    "clinic",
    {
      namespace: "clinic",
      kubernetesVersion: "1.36.3",
      dataClassification: "phi",
      quota: { pods: 10, storage: "20Gi" },
    },
    { providers: [provider] },
  );
}
