import type * as kubernetes from "@pulumi/kubernetes";
import { MeshPolicies } from "../../../components/mesh";

export function meshPolicies(provider: kubernetes.Provider): MeshPolicies {
  const mesh = {
    trustDomain: "clinic.example.com",
    injectionLabels: { "istio.io/rev": "default" },
    controlPlaneNamespace: "istio-system",
    gateway: { namespace: "istio-ingress", serviceAccount: "istio-ingress", labels: { istio: "ingress" } },
  };
  return new MeshPolicies(
    "appointments",
    {
      namespace: "clinic",
      labels: { "app.kubernetes.io/name": "appointments" },
      mesh,
      permissions: [{ callers: [mesh.gateway], ports: [8080], methods: ["GET", "POST"], paths: ["/api/*"] }],
    },
    { providers: [provider] },
  );
}
