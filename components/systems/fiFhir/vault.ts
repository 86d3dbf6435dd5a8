import type { VaultAccessRequest } from "../../contracts";
import { DATABASE, NAMESPACE, SECRET_KEYS, SYSTEM } from "./names";

/** One property of a KV v2 secret that must exist before External Secrets can sync it. */
export interface VaultSeed {
  /** Path below the KV mount. */
  path: string;
  property: string;
  /** `random`: any long random value does, made by whoever sets the stack up. `given`: another system's credential. */
  value: { kind: "random"; bytes: number; encoding: "base64url" | "hex" } | { kind: "given"; description: string };
  /** What changes when it is rotated: see the runbook. */
  purpose: string;
}

export interface VaultNeeds {
  access: VaultAccessRequest[];
  seeds: VaultSeed[];
}

/** What fi-fhir needs in Vault, as data: the stack creates it before the component (S4.28). */
export function fiFhirVault({ database }: { database: { kind: "in-cluster" | "external" } }): VaultNeeds {
  const own: VaultNeeds = {
    access: [{ role: SYSTEM, namespace: NAMESPACE, serviceAccount: SYSTEM, readPaths: ["fi-fhir/*"] }],
    seeds: [
      random("fi-fhir/database", "password", "password of the database user"),
      {
        path: "fi-fhir/fhir",
        property: "bearer_token",
        value: { kind: "given", description: "bearer token that the FHIR server issued for fi-fhir" },
        purpose: "authenticates fi-fhir to the FHIR server",
      },
      random("fi-fhir/encryption", "key", "encrypts the payload column (S4.33); rotating it means re-encrypting"),
    ],
  };
  if (database.kind === "external") return own;
  return {
    access: [
      ...own.access,
      {
        role: DATABASE.name,
        namespace: DATABASE.namespace,
        serviceAccount: DATABASE.name,
        // Not fi-fhir/*: the database never sees the payload key or the FHIR token.
        readPaths: ["fi-fhir/database", "fi-fhir-database/*"],
      },
    ],
    seeds: [
      ...own.seeds,
      random(
        "fi-fhir-database/superuser",
        "password",
        "set at first start; nobody can log in with it over the network",
      ),
      { ...random("fi-fhir-database/backup", "key", "encrypts the backups: losing it loses them"), value: hex(32) },
    ],
  };
}

function random(path: string, property: string, purpose: string): VaultSeed {
  return { path, property, value: { kind: "random", bytes: 32, encoding: "base64url" }, purpose };
}

function hex(bytes: number): VaultSeed["value"] {
  return { kind: "random", bytes, encoding: "hex" };
}

export interface SyncedKey {
  secretKey: string;
  remoteKey: string;
  property: string;
}

/** S4.27, with the payload key that the seed forgot (S4.33). */
export function applicationSecret(): SyncedKey[] {
  return [
    { secretKey: SECRET_KEYS.databasePassword, remoteKey: "fi-fhir/database", property: "password" },
    { secretKey: SECRET_KEYS.bearerToken, remoteKey: "fi-fhir/fhir", property: "bearer_token" },
    { secretKey: SECRET_KEYS.encryptionKey, remoteKey: "fi-fhir/encryption", property: "key" },
  ];
}

export function databaseSecret(): SyncedKey[] {
  return [
    { secretKey: "password", remoteKey: "fi-fhir/database", property: "password" },
    { secretKey: "superuser-password", remoteKey: "fi-fhir-database/superuser", property: "password" },
    { secretKey: "backup-key", remoteKey: "fi-fhir-database/backup", property: "key" },
  ];
}
