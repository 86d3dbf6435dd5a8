import type { MeshIdentity } from "../contracts";
import { principal, type Caller } from "./identity";

type Labels = Readonly<Record<string, string>>;

/** S4.22, namespace-wide: no selector, so a workload that comes later is covered too. */
export function strictMutualTls(name: string, namespace: string) {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name, namespace },
    spec: { mtls: { mode: "STRICT" } },
  };
}

/** Nobody may call anything in the namespace; ALLOW policies only ever add to it (PP.8). */
export function denyAll(name: string, namespace: string) {
  return { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", metadata: { name, namespace }, spec: {} };
}

export interface Permission {
  callers: readonly Caller[];
  /** Ports of the workload, not of its Service. */
  ports: readonly number[];
  methods: readonly ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE")[];
  /** Exact, or a prefix that ends in `*`. */
  paths: readonly string[];
}

/** ALLOW by identity, port, method and path; each of the four must be said. */
export function allow(
  mesh: MeshIdentity,
  policy: { name: string; namespace: string; labels: Labels; permissions: readonly Permission[] },
) {
  const { name, namespace, labels, permissions } = policy;
  return {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { ...labels } },
      action: "ALLOW",
      rules: permissions.map((permission) => ({
        from: [
          {
            source: { principals: named(name, "callers", permission.callers).map((caller) => principal(mesh, caller)) },
          },
        ],
        to: [
          {
            operation: {
              ports: named(name, "ports", permission.ports).map(String),
              methods: [...named(name, "methods", permission.methods)],
              paths: [...named(name, "paths", permission.paths)],
            },
          },
        ],
      })),
    },
  };
}

function named<T>(policy: string, field: string, list: readonly T[]): readonly T[] {
  // Istio reads an absent or empty list as "any".
  if (list.length === 0) throw new Error(`AuthorizationPolicy "${policy}": empty ${field} would mean any; name them`);
  return list;
}
