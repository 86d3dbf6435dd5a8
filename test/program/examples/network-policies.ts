import * as kubernetes from "@pulumi/kubernetes";
import { dns, networkPolicy } from "../../../components/network";

export function networkPolicies(provider: kubernetes.Provider): kubernetes.networking.v1.NetworkPolicy {
  const policy = networkPolicy({
    name: "appointments",
    namespace: "clinic",
    labels: { "app.kubernetes.io/name": "appointments" },
    ingress: [{ peers: [{ namespace: "istio-ingress", labels: { istio: "ingress" } }], ports: [{ port: 8080 }] }],
    egress: [dns(), { peers: [{ cidr: "10.20.30.0/28" }], ports: [{ port: 443 }] }],
  });
  return new kubernetes.networking.v1.NetworkPolicy("appointments", policy, { provider });
}
