import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { z } from "zod";
import { link } from "./acquire";
import { goEnvironment, requireGo } from "./goBuild";
import { folders, root, sharedCache } from "./paths";

const Source = z.strictObject({
  module: z.string(),
  version: z.string(),
  sum: z.string().startsWith("h1:"),
  chart: z.string().optional(),
  crds: z.string().optional(),
});
const Sources = z.record(z.string(), Source);
export type Source = z.infer<typeof Source>;

export async function readSources(): Promise<Record<string, Source>> {
  return Sources.parse(parse(await readFile(path.join(root, "tools", "sources.yaml"), "utf8")));
}

/** Puts a chart at `sources/charts/NAME` and CRDs at `sources/crds/NAME.yaml`, from the Go module that carries them. */
export async function provideSource(name: string, source: Source): Promise<void> {
  const folder = await moduleFolder(source);
  if (source.chart) await link(path.join(folder, source.chart), path.join(folders.sources, "charts", name));
  if (source.crds) await link(await oneFile(name, source, path.join(folder, source.crds)), crdsFile(name));
}

export function isProvided(name: string, source: Source): boolean {
  return (
    (!source.chart || existsSync(path.join(folders.sources, "charts", name))) &&
    (!source.crds || existsSync(crdsFile(name)))
  );
}

const crdsFile = (name: string): string => path.join(folders.sources, "crds", `${name}.yaml`);

async function moduleFolder({ module, version, sum }: Source): Promise<string> {
  await requireGo();
  const result = await execa("go", ["mod", "download", "-json", `${module}@${version}`], {
    cwd: sharedCacheFolder(),
    env: { ...goEnvironment, GOFLAGS: "-mod=mod" },
    reject: false,
  });
  const answer = JSON.parse(result.stdout || "{}") as { Dir?: string; Sum?: string; Error?: string };
  if (!answer.Dir) throw new Error(`go mod download ${module}@${version}: ${answer.Error ?? result.stderr}`);
  if (answer.Sum !== sum)
    throw new Error(`${module}@${version} has the checksum ${answer.Sum}; tools/sources.yaml says ${sum}`);
  return answer.Dir;
}

/** A folder without a go.mod above it: which module is wanted is said on the command line alone. */
function sharedCacheFolder(): string {
  return existsSync(sharedCache) ? sharedCache : path.parse(sharedCache).root;
}

/** A module may keep its CRDs in one file or in one file each; the program reads one file. */
async function oneFile(name: string, { version }: Source, at: string): Promise<string> {
  if ((await stat(at)).isFile()) return at;
  const files = (await readdir(at)).filter((file) => file.endsWith(".yaml")).sort();
  const documents = await Promise.all(files.map((file) => readFile(path.join(at, file), "utf8")));
  const output = path.join(sharedCache, "crds", `${name}-${version}.yaml`);
  await mkdir(path.dirname(output), { recursive: true });
  await writeFile(`${output}.partial`, documents.map((text) => `---\n${text.replace(/^---\n/, "")}`).join("\n"));
  await rename(`${output}.partial`, output);
  return output;
}
