import { existsSync } from "node:fs";
import { readdir, readFile, realpath, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { buildPlugins } from "../hermetic/build";
import { PLUGINS } from "../hermetic/plugins";
import { link } from "./acquire";
import { isReachable } from "./download";
import { toolEnvironment } from "./environment";
import { folders, root } from "./paths";

/** Resource plugins for which an official one exists. */
const OFFICIAL = ["kubernetes", "random", "gcp"];
const OWN = "pulumi-resource-landingzone";
/** The version that `components/` asks for. */
const OWN_VERSION = "0.1.0";
/** Where official plugins are downloaded from. */
const DOWNLOADS = "https://get.pulumi.com";

export interface ChosenPlugin {
  executable: string;
  origin: "official" | "hermetic" | "own";
  detail: string;
}

/**
 * Makes every plugin available that the engine will ask for: the official one where it is installed or can be
 * downloaded, else the hermetic one. Ours (`landingzone`) is always built from this repository.
 */
export async function providePlugins(progress: (line: string) => void): Promise<ChosenPlugin[]> {
  const chosen: ChosenPlugin[] = [];
  for (const name of OFFICIAL) {
    const detail = await official(name, progress);
    if (detail) chosen.push({ executable: `pulumi-resource-${name}`, origin: "official", detail });
  }
  const languageHost = await officialLanguageHost();
  if (languageHost) chosen.push({ executable: "pulumi-language-nodejs", origin: "official", detail: languageHost });

  const have = new Set(chosen.map(({ executable }) => executable));
  const wanted = PLUGINS.filter(({ executable }) => !have.has(executable));
  for (const { executable, built, file } of await buildPlugins(folders.plugins, wanted)) {
    await link(file, await placeOf(executable));
    const origin = executable === OWN ? "own" : "hermetic";
    chosen.push({ executable, origin, detail: built ? "built" : "unchanged" });
  }
  return chosen;
}

/**
 * Where the engine looks first: a resource plugin in its own folder of PULUMI_HOME, the language host beside the CLI. On
 * PATH it would find them as well, and warn about each with every command.
 */
async function placeOf(executable: string): Promise<string> {
  if (executable.startsWith("pulumi-language-")) return path.join(folders.programs, executable);
  const name = executable.replace("pulumi-resource-", "");
  return path.join(await pluginFolder(name), executable);
}

async function pluginFolder(name: string): Promise<string> {
  const version = `pulumi-resource-${name}` === OWN ? OWN_VERSION : await sdkVersion(name);
  return path.join(toolEnvironment().PULUMI_HOME ?? folders.pulumiHome, "plugins", `resource-${name}-v${version}`);
}

async function official(name: string, progress: (line: string) => void): Promise<string | undefined> {
  if (process.env.LANDING_ZONE_TOOLS === "build") return undefined;
  const version = await sdkVersion(name);
  const own = await pluginFolder(name);
  if (existsSync(own) && !(await isHermetic(own, name))) return own;
  const users = path.join(homedir(), ".pulumi", "plugins", path.basename(own));
  if (existsSync(users)) {
    await link(users, own);
    return users;
  }
  if (!(await isReachable(DOWNLOADS))) return undefined;
  await rm(own, { recursive: true, force: true });
  progress(`downloading the official ${name} plugin ${version}`);
  const result = await execa("pulumi", ["plugin", "install", "resource", name, version], {
    env: toolEnvironment(),
    reject: false,
    all: true,
  });
  if (result.exitCode === 0) return `${DOWNLOADS} ${version}`;
  progress(
    `the official ${name} plugin ${version} can't be had (${result.all?.split("\n")[0]}): using the hermetic one`,
  );
  return undefined;
}

/** A link into this clone's own folder is a hermetic plugin of an earlier run. */
async function isHermetic(folder: string, name: string): Promise<boolean> {
  const executable = await realpath(path.join(folder, `pulumi-resource-${name}`)).catch(() => "");
  return executable === "" || executable.startsWith(await realpath(folders.plugins).catch(() => folders.plugins));
}

/** The language host comes with the official CLI and lies beside it. */
async function officialLanguageHost(): Promise<string | undefined> {
  if (process.env.LANDING_ZONE_TOOLS === "build") return undefined;
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    if (folder === "" || path.resolve(folder) === folders.programs || !existsSync(folder)) continue;
    if ((await readdir(folder)).includes("pulumi-language-nodejs")) return path.join(folder, "pulumi-language-nodejs");
  }
  return undefined;
}

async function sdkVersion(name: string): Promise<string> {
  const manifest = await readFile(path.join(root, "node_modules", "@pulumi", name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
