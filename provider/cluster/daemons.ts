import { join } from "node:path";
import type { Daemon } from "../processes";
import type { Layout, Ports } from "./layout";

/** The five programs of a cluster, in the order in which they start. Names are those of the programs. */
export const PROGRAMS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;
export type Program = (typeof PROGRAMS)[number];

/** Range of service addresses; the certificate of the API server holds the first of them. */
const SERVICE_RANGE = "10.96.0.0/16";
const POD_RANGE = "10.244.0.0/16";
/** No pod of a simulated node ever connects, so an address that leads nowhere is honest (RFC 5737). */
const ADVERTISED = "192.0.2.1";
const LOOPBACK = "127.0.0.1";

/** What each program is started with. Files it reads at start belong to `files`: when one changes, it is restarted. */
export function daemons(
  layout: Layout,
  ports: Ports,
  version: string,
  programs: Readonly<Record<Program, string>>,
): Daemon[] {
  const pki = (file: string): string => join(layout.pki, file);
  const args: Record<Program, Record<string, string | number | boolean>> = {
    etcd: etcd(layout, ports, pki),
    "kube-apiserver": apiServer(layout, ports, pki),
    "kube-controller-manager": controllerManager(layout, ports, pki),
    "kube-scheduler": scheduler(layout, ports, pki),
    kwok: kwok(layout, ports, pki),
  };
  return PROGRAMS.map((name) => ({
    name,
    directory: layout.directory,
    program: programs[name],
    args: Object.entries(args[name]).map(([flag, value]) => `--${flag}=${value}`),
    // Only etcd has something to write out; the API server would wait for its clients, which don't let go.
    graceSeconds: name === "etcd" ? 10 : 2,
    version: name === "etcd" ? undefined : version,
    files: Object.values(args[name]).filter((value): value is string => isConfiguration(layout, value)),
  }));
}

function isConfiguration(layout: Layout, value: unknown): boolean {
  return (
    typeof value === "string" &&
    value.startsWith(`${layout.directory}/`) &&
    ![layout.etcdData, layout.auditLog].includes(value)
  );
}

function etcd({ etcdData }: Layout, ports: Ports, pki: (file: string) => string) {
  const clients = `https://${LOOPBACK}:${ports.etcd}`;
  const peers = `https://${LOOPBACK}:${ports.etcdPeer}`;
  return {
    name: "node0",
    "data-dir": etcdData,
    "listen-client-urls": clients,
    "advertise-client-urls": clients,
    "listen-peer-urls": peers,
    "initial-advertise-peer-urls": peers,
    "initial-cluster": `node0=${peers}`,
    // Whoever reaches etcd owns the cluster, past every rule and past the audit log: only our own client may.
    "client-cert-auth": true,
    "trusted-ca-file": pki("etcd-ca.crt"),
    "cert-file": pki("etcd.crt"),
    "key-file": pki("etcd.key"),
    "peer-client-cert-auth": true,
    "peer-trusted-ca-file": pki("etcd-ca.crt"),
    "peer-cert-file": pki("etcd.crt"),
    "peer-key-file": pki("etcd.key"),
    "tls-min-version": "TLS1.3",
    "auto-compaction-retention": 1,
    "log-level": "warn",
  };
}

function apiServer(layout: Layout, ports: Ports, pki: (file: string) => string) {
  return {
    "bind-address": LOOPBACK,
    "secure-port": ports.apiServer,
    "advertise-address": ADVERTISED,
    "endpoint-reconciler-type": "none",
    "service-cluster-ip-range": SERVICE_RANGE,
    "tls-cert-file": pki("kube-apiserver.crt"),
    "tls-private-key-file": pki("kube-apiserver.key"),
    "tls-min-version": "VersionTLS13",
    "etcd-servers": `https://${LOOPBACK}:${ports.etcd}`,
    "etcd-cafile": pki("etcd-ca.crt"),
    "etcd-certfile": pki("etcd-client.crt"),
    "etcd-keyfile": pki("etcd-client.key"),
    // Every request has an identity, health checks included: nothing answers strangers.
    "anonymous-auth": false,
    "client-ca-file": pki("ca.crt"),
    "authorization-mode": "Node,RBAC",
    // Aggregated APIs: only the API server itself may say on whose behalf it asks.
    "requestheader-client-ca-file": pki("front-proxy-ca.crt"),
    "requestheader-allowed-names": "front-proxy",
    "requestheader-username-headers": "X-Remote-User",
    "requestheader-group-headers": "X-Remote-Group",
    "requestheader-extra-headers-prefix": "X-Remote-Extra-",
    "proxy-client-cert-file": pki("front-proxy.crt"),
    "proxy-client-key-file": pki("front-proxy.key"),
    // The simulated nodes' names are in no DNS.
    "kubelet-preferred-address-types": "InternalIP",
    "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
    "service-account-key-file": pki("service-account.pub"),
    "service-account-signing-key-file": pki("service-account.key"),
    // Who may run privileged pods (a CNI must) is for Pod Security to say, namespace by namespace.
    "allow-privileged": true,
    // An external IP on a Service can take over traffic of others (CVE-2020-8554).
    "enable-admission-plugins": "NodeRestriction,DenyServiceExternalIPs",
    "admission-control-config-file": layout.admission,
    "encryption-provider-config": layout.encryption,
    "audit-policy-file": layout.auditPolicy,
    "audit-log-path": layout.auditLog,
    // Kept for 30 days and at most 1 GB here; a log that must outlive the cluster is to be shipped away.
    "audit-log-maxage": 30,
    "audit-log-maxbackup": 10,
    "audit-log-maxsize": 100,
    profiling: false,
  };
}

function controllerManager({ kubeconfig }: Layout, ports: Ports, pki: (file: string) => string) {
  const config = kubeconfig("controller-manager");
  return {
    kubeconfig: config,
    "authentication-kubeconfig": config,
    "authorization-kubeconfig": config,
    ...serving(ports.controllerManager, pki),
    // Each controller acts as its own ServiceAccount: the audit log tells which one it was.
    "use-service-account-credentials": true,
    "service-account-private-key-file": pki("service-account.key"),
    "root-ca-file": pki("ca.crt"),
    "allocate-node-cidrs": true,
    "cluster-cidr": POD_RANGE,
    "service-cluster-ip-range": SERVICE_RANGE,
    "leader-elect": false,
    profiling: false,
  };
}

function scheduler({ kubeconfig }: Layout, ports: Ports, pki: (file: string) => string) {
  const config = kubeconfig("scheduler");
  return {
    kubeconfig: config,
    "authentication-kubeconfig": config,
    "authorization-kubeconfig": config,
    ...serving(ports.scheduler, pki),
    "leader-elect": false,
    profiling: false,
  };
}

function serving(port: number, pki: (file: string) => string) {
  return {
    "bind-address": LOOPBACK,
    "secure-port": port,
    "tls-cert-file": pki("components.crt"),
    "tls-private-key-file": pki("components.key"),
    "tls-min-version": "VersionTLS13",
    "authorization-always-allow-paths": "/healthz,/readyz,/livez",
  };
}

function kwok({ kubeconfig, stages }: Layout, ports: Ports, pki: (file: string) => string) {
  return {
    kubeconfig: kubeconfig("kwok"),
    config: stages,
    // Real nodes can join the same cluster: KWOK plays only those that carry its annotation.
    "manage-all-nodes": false,
    "manage-nodes-with-annotation-selector": "kwok.x-k8s.io/node=fake",
    "node-lease-duration-seconds": 40,
    "node-ip": LOOPBACK,
    "node-port": ports.kwok,
    "server-address": `${LOOPBACK}:${ports.kwok}`,
    "tls-cert-file": pki("components.crt"),
    "tls-private-key-file": pki("components.key"),
  };
}
