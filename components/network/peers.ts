import type { MeshIdentity } from "../contracts";
import type { Allow } from "./networkPolicy";

/** Name resolution, to kube-dns only, and over TCP too: an answer of more than 512 bytes needs it (S4.21). */
export function dns(): Allow {
  return {
    peers: [{ namespace: "kube-system", labels: { "k8s-app": "kube-dns" } }],
    ports: [{ port: 53, protocol: "UDP" }, { port: 53 }],
  };
}

/** Certificates and configuration of the sidecar: without it no meshed pod starts (X.5). */
export function istiod(mesh: MeshIdentity): Allow {
  return { peers: [{ namespace: mesh.controlPlaneNamespace, labels: { app: "istiod" } }], ports: [{ port: 15012 }] };
}

/** What every meshed pod needs before it can do anything. */
export function meshBasics(mesh: MeshIdentity): Allow[] {
  return [dns(), istiod(mesh)];
}
