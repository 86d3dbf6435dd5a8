import { readJsonIfAny, removeDirectory, writePrivateJson } from "../files";
import { stopDaemon } from "../processes";
import type { VaultClient } from "./client";
import { PROGRAM, type VaultKeys, type VaultLayout } from "./layout";
import type { ReachOptions } from "./reach";

/**
 * Initialises the server when it is new, and unseals it. One share of the key, in a file beside the storage: it keeps
 * what is in a copied storage from being read, and nothing more. A Vault for real data has several shares with several
 * people, or a key service.
 */
export async function unseal(client: VaultClient, layout: VaultLayout, options: ReachOptions): Promise<void> {
  const { initialized, sealed } = await client.health();
  if (!initialized) await initialise(client, layout, options);
  else if (!sealed) return;
  const keys = readJsonIfAny<VaultKeys>(layout.keys);
  if (!keys) {
    throw new Error(
      `The key that unseals the Vault in ${layout.directory} is missing (${layout.keys}). Put the file back; without it ` +
        "nobody can read what is stored there. To start over, `pulumi destroy` the Vault, or delete its directory.",
    );
  }
  options.status("unsealing vault");
  await client.write("sys/unseal", { key: keys.unsealKey });
}

async function initialise(client: VaultClient, layout: VaultLayout, options: ReachOptions): Promise<void> {
  options.status("initialising vault");
  const answer = (await client.write("sys/init", { secret_shares: 1, secret_threshold: 1 })) as {
    keys_base64?: [string];
    root_token?: string;
  };
  if (answer.keys_base64 === undefined) throw new Error("Vault initialised itself but returned no key.");
  // The root token first: with the key written, the set-up counts as begun.
  writePrivateJson(layout.root, { token: answer.root_token });
  writePrivateJson(layout.keys, { unsealKey: answer.keys_base64[0] } satisfies VaultKeys);
}

/**
 * A storage whose key was never written down, because the plugin was killed at that very moment, can't be opened by
 * anybody. Nothing is in it yet, so it is thrown away. True when that was done; the server is stopped then.
 */
export async function discardUnreadableStorage(client: VaultClient, layout: VaultLayout): Promise<boolean> {
  const { initialized } = await client.health();
  const completed = readJsonIfAny(layout.access) !== undefined;
  if (!initialized || completed || readJsonIfAny(layout.keys) !== undefined) return false;
  await stopDaemon(layout.directory, PROGRAM);
  removeDirectory(layout.storage);
  return true;
}
