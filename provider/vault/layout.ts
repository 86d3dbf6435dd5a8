import { join } from "node:path";

/** Where everything of one local Vault lies, below its data directory. All of it is private to its owner. */
export interface VaultLayout {
  directory: string;
  ports: string;
  pki: string;
  config: string;
  storage: string;
  auditLog: string;
  /** Unseal key. Whoever has it and the storage has every secret. */
  keys: string;
  /** Root token, only between initialisation and the end of the set-up. */
  root: string;
  /** The token that is handed out; there once the set-up is complete. */
  access: string;
  /** When the reviewer's token is to be renewed, and for which cluster it is. */
  reviewer: string;
}

export const PROGRAM = "vault";
export const AUDIT_LOG = "audit/audit.log";
export const CERTIFICATE = "vault";

export function vaultLayout(directory: string): VaultLayout {
  const at = (path: string): string => join(directory, path);
  return {
    directory,
    ports: at("ports.json"),
    pki: at("pki"),
    config: at("config/vault.json"),
    storage: at("storage"),
    auditLog: at(AUDIT_LOG),
    keys: at("unseal-key.json"),
    root: at("root-token.json"),
    access: at("access.json"),
    reviewer: at("reviewer.json"),
  };
}

export interface VaultKeys {
  unsealKey: string;
}

export interface VaultAccessFile {
  token: string;
  /** Milliseconds since 1970: from then on it is time to renew it. */
  renewAt: number;
}

export interface ReviewerFile {
  renewAt: number;
  /** Hash of how the API server is reached. */
  cluster: string;
}
