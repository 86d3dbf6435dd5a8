import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { User } from "./pki";

/** A kubeconfig that carries its certificates itself, so that it works wherever it is copied to. */
export function kubeconfig(cluster: string, server: string, pki: string, user: User): string {
  const data = (name: string): string => readFileSync(join(pki, name)).toString("base64");
  const context = `${cluster}-${user}`;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": context,
    clusters: [{ name: cluster, cluster: { server, "certificate-authority-data": data("ca.crt") } }],
    users: [
      {
        name: context,
        user: { "client-certificate-data": data(`user-${user}.crt`), "client-key-data": data(`user-${user}.key`) },
      },
    ],
    contexts: [{ name: context, context: { cluster, user: context } }],
  });
}
