import { join } from "node:path";

/** Where everything of one cluster lies, below its data directory. All of it is private to its owner. */
export interface Layout {
  directory: string;
  ports: string;
  pki: string;
  etcdData: string;
  auditLog: string;
  auditPolicy: string;
  admission: string;
  encryption: string;
  encryptionKeys: string;
  stages: string;
  kubeconfig: (user: string) => string;
}

export const AUDIT_LOG = "audit/audit.log";

export function layoutOf(directory: string): Layout {
  const at = (path: string): string => join(directory, path);
  return {
    directory,
    ports: at("ports.json"),
    pki: at("pki"),
    etcdData: at("etcd"),
    auditLog: at(AUDIT_LOG),
    auditPolicy: at("config/audit-policy.yaml"),
    admission: at("config/admission.yaml"),
    encryption: at("config/encryption.yaml"),
    encryptionKeys: at("encryption-keys.json"),
    stages: at("config/kwok.yaml"),
    kubeconfig: (user) => at(`kubeconfig/${user}.yaml`),
  };
}

/** How to go on when data of a cluster are lost: Pulumi must forget what was on it, too. */
export const STARTING_ANEW =
  "Begin anew: `npm run destroy`, or `npm run pulumi -- stack rm --force` where that fails, then `npm start`.";

export const PORT_NAMES = ["apiServer", "etcd", "etcdPeer", "controllerManager", "scheduler", "kwok"] as const;
export type Ports = Readonly<Record<(typeof PORT_NAMES)[number], number>>;
