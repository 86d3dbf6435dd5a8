import { readJsonIfAny, removeDirectory } from "../files";
import { findDaemon, stopDaemon, stopLeftovers } from "../processes";
import { PROGRAM, vaultLayout, type ReviewerFile, type VaultAccessFile } from "./layout";
import { knownVault, startVault } from "./program";
import type { ReachOptions } from "./reach";
import { ensureReviewer, type ReviewedCluster } from "./reviewer";
import { ensureSetup, type Mounts } from "./setup";
import { discardUnreadableStorage, unseal } from "./unseal";

export interface EnsureVaultOptions extends ReachOptions {
  /** Absolute data directory. */
  directory: string;
  inputs: ReviewedCluster & Mounts;
}

/** What a running Vault is reached by. */
export interface VaultEndpoint {
  address: string;
  caBundle: string;
  token: string;
}

/**
 * Brings the Vault to what the inputs say, from any state: nothing there, half set up, stopped, sealed, or all well. Each
 * step leaves alone what is right already, so that it can be interrupted and done again.
 */
export async function ensureVault(options: EnsureVaultOptions): Promise<VaultEndpoint> {
  const { directory, inputs, status } = options;
  const layout = vaultLayout(directory);
  let client = await startVault(layout, options);
  if (await discardUnreadableStorage(client, layout)) client = await startVault(layout, options);
  await unseal(client, layout, options);
  status("setting up vault");
  const admin = await ensureSetup(client, layout, inputs);
  await ensureReviewer(admin, layout, inputs);
  const { address, caBundle, token = "" } = admin.connection;
  return { address, caBundle, token };
}

/** What is known of a Vault without asking it, or `undefined` when its set-up is not complete. */
export function knownVaultEndpoint(directory: string): VaultEndpoint | undefined {
  const layout = vaultLayout(directory);
  const access = readJsonIfAny<VaultAccessFile>(layout.access);
  const client = knownVault(layout);
  return client && access && { ...client.connection, token: access.token };
}

/** Why the Vault needs an update, or `undefined` when all is well. */
export async function vaultTrouble(directory: string): Promise<string | undefined> {
  const layout = vaultLayout(directory);
  const client = knownVault(layout);
  const access = readJsonIfAny<VaultAccessFile>(layout.access);
  const reviewer = readJsonIfAny<ReviewerFile>(layout.reviewer);
  if (!client || !access || !reviewer) return "its set-up is not complete";
  if (!findDaemon(directory, PROGRAM)) return "it does not run";
  if (Date.now() > Math.min(access.renewAt, reviewer.renewAt)) return "a token is to be renewed";
  const health = await client.health().catch(() => undefined);
  if (!health) return "it does not answer";
  return health.sealed ? "it is sealed" : undefined;
}

/** Stops the server; the data stay. */
export async function stopVault(directory: string): Promise<void> {
  await stopDaemon(directory, PROGRAM);
  await stopLeftovers(directory, [PROGRAM]);
}

/** Stops the server and removes the data directory, with every value and key that was in it. */
export async function removeVault(directory: string): Promise<void> {
  await stopVault(directory);
  removeDirectory(directory);
}
