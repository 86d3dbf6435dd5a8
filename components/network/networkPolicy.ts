import type * as kubernetes from "@pulumi/kubernetes";
import { checkCidr } from "./cidr";

type Labels = Readonly<Record<string, string>>;

export interface Port {
  port: number;
  /** @default "TCP" */
  protocol?: "TCP" | "UDP";
}

/** Pods by labels, always of one namespace: there is no way to say "any namespace". */
export interface Pods {
  namespace: string;
  /** @default every pod of that namespace */
  labels?: Labels;
  /** Pods whose `app.kubernetes.io/name` is one of these; instead of `labels`. */
  names?: readonly string[];
}

/** Addresses outside the cluster. Cilium does not match pods of the cluster by address. */
export interface Addresses {
  cidr: string;
}

export interface Allow {
  /** Each of them, on each of the ports. */
  peers: readonly (Pods | Addresses)[];
  ports: readonly Port[];
}

export interface PolicySpec {
  name: string;
  namespace: string;
  /** Pods that the policy is about. */
  labels: Labels;
  ingress?: readonly Allow[];
  egress?: readonly Allow[];
}

/** S4.19: closes a namespace in both directions. Policies only ever add to it. */
export function defaultDeny(namespace: string) {
  return {
    metadata: { name: `${namespace}-default-deny`, namespace },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  } satisfies kubernetes.types.input.networking.v1.NetworkPolicy;
}

/** A policy that opens exactly what it names; an empty list of peers or ports would open everything and is refused. */
export function networkPolicy({ name, namespace, labels, ingress, egress }: PolicySpec) {
  return {
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: { ...labels } },
      policyTypes: [...(ingress === undefined ? [] : ["Ingress"]), ...(egress === undefined ? [] : ["Egress"])],
      ...(ingress === undefined
        ? {}
        : { ingress: ingress.map((rule) => ({ from: peers(name, rule), ports: ports(name, rule) })) }),
      ...(egress === undefined
        ? {}
        : { egress: egress.map((rule) => ({ to: peers(name, rule), ports: ports(name, rule) })) }),
    },
  } satisfies kubernetes.types.input.networking.v1.NetworkPolicy;
}

function peers(policy: string, rule: Allow) {
  if (rule.peers.length === 0)
    throw new Error(`NetworkPolicy "${policy}": a rule without peers would allow everybody; name them`);
  return rule.peers.map((peer) =>
    "cidr" in peer ? { ipBlock: { cidr: checkCidr(policy, peer.cidr) } } : podPeer(peer),
  );
}

function podPeer({ namespace, labels, names }: Pods) {
  return {
    // The API server sets this label itself: nobody can claim another namespace's name.
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    ...(labels === undefined ? {} : { podSelector: { matchLabels: { ...labels } } }),
    ...(names === undefined
      ? {}
      : {
          podSelector: { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: [...names] }] },
        }),
  };
}

function ports(policy: string, rule: Allow) {
  if (rule.ports.length === 0)
    throw new Error(`NetworkPolicy "${policy}": a rule without ports would allow all of them; name them`);
  return rule.ports.map(({ port, protocol = "TCP" }) => ({ protocol, port }));
}
