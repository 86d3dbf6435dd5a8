import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";
import { selectPlugins, type PluginSpec } from "./plugins";

export type { PluginSpec } from "./plugins";

const REPOSITORY = path.resolve(__dirname, "..");

const OPTIONS = {
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  sourcemap: "linked",
  // Traces need lines, not a second copy of every source: half the file, and node reads it at every start.
  sourcesContent: false,
  // ESM-only packages may ask for their own address, which a CommonJS bundle has no syntax for.
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: `const bundleUrl = require("node:url").pathToFileURL(__filename).href;` },
  logLevel: "silent",
} as const satisfies esbuild.BuildOptions;

export interface BuiltPlugin {
  executable: string;
  /** The shim that the engine runs. */
  file: string;
  /** False when nothing had changed since the last build. */
  built: boolean;
}

/** What a bundle was made from, kept beside it. */
interface BuildRecord {
  inputs: string[];
  digest: string;
}

/**
 * Bundles each plugin into `outDir` as `<executable>.cjs` and writes the shim `<executable>` that starts it with node.
 * A plugin whose sources have not changed is left alone. Safe to run while the plugins are in use or being built by
 * another process: files are replaced whole.
 */
export async function buildPlugins(outDir: string, plugins: readonly PluginSpec[]): Promise<BuiltPlugin[]> {
  await mkdir(outDir, { recursive: true });
  return Promise.all(plugins.map((plugin) => buildPlugin(path.resolve(outDir), plugin)));
}

async function buildPlugin(outDir: string, { executable, entry }: PluginSpec): Promise<BuiltPlugin> {
  const file = path.join(outDir, executable);
  const bundle = `${file}.cjs`;
  const recordFile = `${file}.build.json`;
  if ([file, bundle].every((output) => existsSync(output)) && (await isFresh(recordFile))) {
    return { executable, file, built: false };
  }
  if (!existsSync(path.resolve(REPOSITORY, entry))) {
    throw new Error(`Plugin ${executable}: its entry point ${path.resolve(REPOSITORY, entry)} does not exist.`);
  }
  const result = await esbuild.build({
    ...OPTIONS,
    absWorkingDir: REPOSITORY,
    entryPoints: [entry],
    outfile: bundle,
    metafile: true,
    write: false,
  });
  for (const output of result.outputFiles) await replaceFile(output.path, output.contents);
  await replaceFile(file, shim(executable), 0o755);
  const inputs = Object.keys(result.metafile.inputs)
    .filter((input) => !input.startsWith("("))
    .sort();
  const record: BuildRecord = { inputs, digest: await digestOf(inputs) };
  await replaceFile(recordFile, JSON.stringify(record, undefined, 1));
  return { executable, file, built: true };
}

/** `LANDING_ZONE_NODE` names the node to use; without it the one on PATH is taken. */
function shim(executable: string): string {
  return `#!/usr/bin/env bash
self="\${BASH_SOURCE[0]}"
if [ -L "$self" ]; then self="$(readlink -f "$self")"; fi
exec "\${LANDING_ZONE_NODE:-node}" --enable-source-maps "\${self%/*}/${executable}.cjs" "$@"
`;
}

async function isFresh(recordFile: string): Promise<boolean> {
  try {
    const record = JSON.parse(await readFile(recordFile, "utf8")) as BuildRecord;
    return record.digest === (await digestOf(record.inputs));
  } catch {
    return false; // no record, or a source that is gone: build
  }
}

async function digestOf(inputs: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([esbuild.version, OPTIONS, shim("")]));
  const contents = await Promise.all(inputs.map((input) => readFile(path.resolve(REPOSITORY, input))));
  inputs.forEach((input, index) => hash.update(`\n${input}\n`).update(contents[index] ?? ""));
  return hash.digest("hex");
}

async function replaceFile(file: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const temporary = `${file}.${String(process.pid)}.tmp`;
  await writeFile(temporary, content, { mode });
  await chmod(temporary, mode);
  await rename(temporary, file);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { out: { type: "string" } }, allowPositionals: true });
  if (!values.out) throw new Error("Usage: tsx hermetic/build.ts --out DIR [plugin...]");
  for (const { file, built } of await buildPlugins(values.out, selectPlugins(positionals))) {
    process.stdout.write(`${built ? "built" : "unchanged"} ${file}\n`);
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
