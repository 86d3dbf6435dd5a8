import { rmSync } from "node:fs";
import { readJsonIfAny, writePrivateJson } from "../files";
import { VaultRefusal, type VaultClient } from "./client";
import type { VaultAccessFile, VaultKeys, VaultLayout } from "./layout";

export interface Mounts {
  kvMount: string;
  authMount: string;
}

const ADMIN = "landing-zone-admin";
/** 32 days, the longest that Vault renews a token for by default; each update of the resource renews it. */
const PERIOD_SECONDS = 768 * 3600;

/**
 * What the handed-out token may do: set up access and values, not more. It can't change its own policy, add audit
 * devices or mounts, nor unseal. Who may write policies and roles can still give somebody else more than that; so it is
 * kept as a secret.
 */
export function adminPolicy({ kvMount, authMount }: Mounts): string {
  const rules: [path: string, ...capabilities: string[]][] = [
    ["sys/policies/acl/*", "create", "read", "update", "delete"],
    [`sys/policies/acl/${ADMIN}`, "deny"],
    [`auth/${authMount}/role/*`, "create", "read", "update", "delete"],
    // The reviewer's token is renewed through it.
    [`auth/${authMount}/config`, "create", "read", "update"],
    [`${kvMount}/data/*`, "create", "read", "update"],
    [`${kvMount}/metadata/*`, "read", "delete"],
    ["auth/token/lookup-self", "read"],
    ["auth/token/renew-self", "update"],
  ];
  return rules
    .map(([path, ...capabilities]) => `path "${path}" {\n  capabilities = ${JSON.stringify(capabilities)}\n}\n`)
    .join("\n");
}

/** A token for the set-up of systems; makes audit log, mounts, policy and token when they are not there. */
export async function ensureSetup(client: VaultClient, layout: VaultLayout, mounts: Mounts): Promise<VaultClient> {
  const known = readJsonIfAny<VaultAccessFile>(layout.access);
  if (known && (await renew(client.as(known.token), layout, known))) return client.as(known.token);
  const root = client.as(await rootToken(client, layout));
  await setUp(root, layout, mounts);
  const { auth } = await root.write("auth/token/create-orphan", {
    policies: [ADMIN],
    no_default_policy: true,
    period: `${PERIOD_SECONDS}s`,
    display_name: ADMIN,
  });
  const token = (auth as { client_token?: string } | undefined)?.client_token;
  if (token === undefined) throw new Error("Vault made no token for the administrator's policy.");
  writeAccess(layout, token);
  // Root can do everything and leaves no limit to a mistake: it ends with the set-up, and the unseal key can make another.
  await root.write("auth/token/revoke-self", {});
  rmSync(layout.root, { force: true });
  return client.as(token);
}

/** False when the token has ended, for instance because nobody ran an update for a month. */
async function renew(admin: VaultClient, layout: VaultLayout, known: VaultAccessFile): Promise<boolean> {
  try {
    if (Date.now() < known.renewAt) return (await admin.read("auth/token/lookup-self")) !== undefined;
    await admin.write("auth/token/renew-self", {});
    writeAccess(layout, known.token);
    return true;
  } catch (error) {
    if (error instanceof VaultRefusal && error.status === 403) return false;
    throw error;
  }
}

function writeAccess(layout: VaultLayout, token: string): void {
  const renewAt = Date.now() + (PERIOD_SECONDS * 1000) / 2;
  writePrivateJson(layout.access, { token, renewAt } satisfies VaultAccessFile);
}

/** Each step leaves alone what is there: the set-up may have been killed after any of them. */
async function setUp(root: VaultClient, layout: VaultLayout, mounts: Mounts): Promise<void> {
  // The audit log before anything that is worth auditing. Vault refuses requests that it can't log.
  const audit = (await root.read("sys/audit")) ?? {};
  if (!audit["file/"]) await root.write("sys/audit/file", { type: "file", options: { file_path: layout.auditLog } });
  const secrets = (await root.read("sys/mounts")) ?? {};
  if (!secrets[`${mounts.kvMount}/`]) {
    await root.write(`sys/mounts/${mounts.kvMount}`, { type: "kv", options: { version: "2" } });
  }
  const auth = (await root.read("sys/auth")) ?? {};
  if (!auth[`${mounts.authMount}/`]) await root.write(`sys/auth/${mounts.authMount}`, { type: "kubernetes" });
  await root.write(`sys/policies/acl/${ADMIN}`, { policy: adminPolicy(mounts) });
}

/** The root token of the initialisation, or a new one made with the unseal key. */
async function rootToken(client: VaultClient, layout: VaultLayout): Promise<string> {
  const left = readJsonIfAny<{ token: string }>(layout.root)?.token;
  if (left !== undefined && (await isValid(client.as(left)))) return left;
  const keys = readJsonIfAny<VaultKeys>(layout.keys);
  if (!keys) throw new Error(`The unseal key is missing (${layout.keys}): without it no new root token can be made.`);
  await client.delete("sys/generate-root/attempt"); // one that was interrupted
  const begun = (await client.write("sys/generate-root/attempt", {})) as {
    nonce: string;
    otp: string;
  };
  const done = (await client.write("sys/generate-root/update", { key: keys.unsealKey, nonce: begun.nonce })) as {
    encoded_token: string;
  };
  // Vault hands the token over mixed with the one-time password that it gave at the beginning.
  const password = Buffer.from(begun.otp);
  const token = Buffer.from(done.encoded_token, "base64").map((byte, index) => byte ^ (password[index] ?? 0));
  return Buffer.from(token).toString();
}

async function isValid(client: VaultClient): Promise<boolean> {
  try {
    return (await client.read("auth/token/lookup-self")) !== undefined;
  } catch (error) {
    if (error instanceof VaultRefusal && error.status === 403) return false;
    throw error;
  }
}
