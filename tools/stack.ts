import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { toolEnvironment } from "./environment";
import { releaseDeadLocks } from "./locks";
import { folders, home, root } from "./paths";

const PROJECT = "fhir-landing-zone";

/** Runs Pulumi with the project's tools; its output goes straight to the terminal. Returns its exit code. */
export async function pulumi(args: string[]): Promise<number> {
  const env = await operationEnvironment(args);
  const result = await execa("pulumi", args, { cwd: root, env, stdio: "inherit", reject: false });
  return result.exitCode ?? 1;
}

/** The values of a stack's outputs; secret ones only when asked for. */
export async function stackOutputs(stack: string, options: { secrets: boolean }): Promise<Record<string, unknown>> {
  const args = ["stack", "output", "--json", "--stack", stack, ...(options.secrets ? ["--show-secrets"] : [])];
  const { stdout } = await execa("pulumi", args, { cwd: root, env: toolEnvironment() });
  return JSON.parse(stdout) as Record<string, unknown>;
}

function stackOf(args: string[]): string | undefined {
  const at = args.findIndex((argument) => argument === "--stack" || argument === "-s");
  return at >= 0 ? args[at + 1] : args.find((argument) => argument.startsWith("--stack="))?.slice("--stack=".length);
}

const OPERATIONS = new Set(["preview", "pre", "up", "update", "refresh", "destroy", "down", "import", "watch"]);

/**
 * What an operation on a stack of this clone's own backend needs: the stack, no lock of a killed process, and a private
 * copy of Pulumi.<stack>.yaml, since the engine writes the salt of the passphrase into the file that it reads. With a
 * backend of the user's own, nothing of this is done.
 */
async function operationEnvironment(args: string[]): Promise<NodeJS.ProcessEnv> {
  const env = toolEnvironment();
  const stack = stackOf(args);
  if (env.PULUMI_BACKEND_URL !== `file://${folders.state}` || !stack || !OPERATIONS.has(args[0] ?? "")) return env;
  const committed = path.join(root, `Pulumi.${stack}.yaml`);
  if (!existsSync(committed)) return env;
  await ensureStack(stack);
  for (const line of await releaseDeadLocks(folders.state, PROJECT, stack)) console.log(line);
  const copy = path.join(home, "config", path.basename(committed));
  await mkdir(path.dirname(copy), { recursive: true });
  await copyFile(committed, copy);
  return { PULUMI_OPTION_CONFIG_FILE: copy, ...env };
}

/**
 * Creates a stack on first use. It is created from another folder with the same project
 * name, because `stack init` writes a salt into the Pulumi.<stack>.yaml beside it, and the committed one belongs to
 * everybody.
 */
async function ensureStack(stack: string): Promise<void> {
  if (existsSync(path.join(folders.state, ".pulumi", "stacks", PROJECT, `${stack}.json`))) return;
  await mkdir(home, { recursive: true });
  const scratch = await mkdtemp(path.join(home, "init-"));
  try {
    await copyFile(path.join(root, "Pulumi.yaml"), path.join(scratch, "Pulumi.yaml"));
    await execa("pulumi", ["stack", "init", stack, "--no-select"], { cwd: scratch, env: toolEnvironment() });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
