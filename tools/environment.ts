import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { folders, home, passphraseFile, root } from "./paths";

/**
 * The environment in which Pulumi and every program of the project runs.
 *
 * What a user has set wins: another backend (`PULUMI_BACKEND_URL`), another passphrase, another policy pack. Without any
 * of it the state lives in this clone, encrypted with a passphrase that only this clone has.
 */
export function toolEnvironment(): NodeJS.ProcessEnv {
  const given = process.env;
  if (given.PULUMI_HOME === undefined) withoutAutomaticLog(folders.pulumiHome);
  const ownBackend = given.PULUMI_BACKEND_URL === undefined && given.PULUMI_ACCESS_TOKEN === undefined;
  return {
    ...given,
    LANDING_ZONE_ROOT: root,
    PATH: [folders.programs, path.join(root, "node_modules", ".bin"), given.PATH].join(path.delimiter),
    PULUMI_HOME: given.PULUMI_HOME ?? folders.pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The engine's heap is small beside the machine: collecting it less often saves a third of a preview.
    GOGC: given.GOGC ?? "400",
    // Compiling the SDK anew for every command takes longer than running it.
    NODE_COMPILE_CACHE: given.NODE_COMPILE_CACHE ?? path.join(home, "compile-cache"),
    // What runs is what the set-up chose and printed; nothing is fetched behind its back during an update.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: given.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION ?? "true",
    // The pack is part of the command, not something to remember: every preview and up of this project runs it.
    PULUMI_OPTION_POLICY_PACK: given.PULUMI_OPTION_POLICY_PACK ?? path.join(root, "policy-pack"),
    ...(ownBackend ? ownBackendEnvironment(given) : {}),
  };
}

function ownBackendEnvironment(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  mkdirSync(folders.state, { recursive: true });
  const passphraseGiven =
    given.PULUMI_CONFIG_PASSPHRASE !== undefined || given.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  return {
    PULUMI_BACKEND_URL: `file://${folders.state}`,
    // The salt of the passphrase is read from the state, not from the committed Pulumi.<stack>.yaml.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    ...(passphraseGiven ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: ownPassphrase() }),
  };
}

/**
 * The CLI writes a debug log of every command into the folder `logs`: inputs of all resources, and half of the time of a
 * preview. It has no switch for that, but goes without where that folder can't be made.
 */
export function withoutAutomaticLog(pulumiHome: string): void {
  const logs = path.join(pulumiHome, "logs");
  if (existsSync(logs)) return;
  mkdirSync(pulumiHome, { recursive: true });
  writeFileSync(logs, "");
}

function ownPassphrase(): string {
  if (!existsSync(passphraseFile)) {
    mkdirSync(home, { recursive: true });
    writeFileSync(passphraseFile, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  }
  return passphraseFile;
}
