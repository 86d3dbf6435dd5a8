import { ensureAuthority, ensureCertificate, ensureKeyPair } from "../certificates";

/** Users of the API server that have a kubeconfig, and the group that gives them their rights. */
export const USERS = {
  // The owner of the cluster: the one identity that can do everything. It never leaves the data directory and the
  // (secret) kubeconfig output.
  admin: { commonName: "landing-zone-admin", organization: "system:masters" },
  // The components work with the rights that Kubernetes' own roles give them, no more.
  "controller-manager": { commonName: "system:kube-controller-manager" },
  scheduler: { commonName: "system:kube-scheduler" },
  kwok: { commonName: "landing-zone:kwok" },
} as const;
export type User = keyof typeof USERS;

const LOOPBACK = ["localhost", "127.0.0.1"];
/** The API server's names inside the cluster; 10.96.0.1 is the first address of the service range. */
const API_SERVER = [
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
  "10.96.0.1",
];

/**
 * All certificates of a cluster, made once and renewed when they run out. Three authorities: a client that the API
 * server trusts must not be able to talk to etcd, where no rule and no audit log stands in its way, nor to name itself
 * after somebody else, as the front proxy may.
 */
export async function ensurePki(directory: string): Promise<void> {
  const [authority, etcdAuthority, frontProxyAuthority] = await Promise.all([
    ensureAuthority(directory, "ca", "landing-zone-kubernetes"),
    ensureAuthority(directory, "etcd-ca", "landing-zone-etcd"),
    ensureAuthority(directory, "front-proxy-ca", "landing-zone-front-proxy"),
    ensureKeyPair(directory, "service-account"),
  ]);
  await Promise.all([
    ensureCertificate(directory, "kube-apiserver", authority, {
      commonName: "kube-apiserver",
      hosts: [...LOOPBACK, ...API_SERVER],
      usages: ["server"],
    }),
    // Health endpoints of the controller manager, the scheduler and KWOK.
    ensureCertificate(directory, "components", authority, {
      commonName: "components",
      hosts: LOOPBACK,
      usages: ["server"],
    }),
    // etcd's own HTTP gateway and its peers present the same certificate as clients.
    ensureCertificate(directory, "etcd", etcdAuthority, {
      commonName: "etcd",
      hosts: LOOPBACK,
      usages: ["server", "client"],
    }),
    ensureCertificate(directory, "etcd-client", etcdAuthority, { commonName: "kube-apiserver", usages: ["client"] }),
    ensureCertificate(directory, "front-proxy", frontProxyAuthority, { commonName: "front-proxy", usages: ["client"] }),
    ...Object.entries(USERS).map(([user, subject]) =>
      ensureCertificate(directory, `user-${user}`, authority, { ...subject, usages: ["client"] }),
    ),
  ]);
}
