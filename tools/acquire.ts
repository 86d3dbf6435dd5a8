import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
  copyFile,
  link as hardLink,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import semver from "semver";
import { downloadRelease, isReachable } from "./download";
import { goBuild, goEnvironment, requireGo } from "./goBuild";
import { folders, sharedCache } from "./paths";
import type { Platform, Program } from "./programs";

/** Where a program came from; printed, so that nobody has to guess what runs. */
export type Origin = "machine" | "cache" | "download" | "source";

export interface Acquired {
  program: Program;
  origin: Origin;
  path: string;
  detail: string;
}

/** `LANDING_ZONE_TOOLS`: `auto` (default), or `build` to use nothing but what is built from the pinned source. */
function onlyBuild(): boolean {
  const value = process.env.LANDING_ZONE_TOOLS ?? "auto";
  if (value !== "auto" && value !== "build") {
    throw new Error(`LANDING_ZONE_TOOLS is "${value}"; allowed: auto, build`);
  }
  return value === "build";
}

/**
 * Makes a program available in the clone: one of a fitting version on the machine, else one built or downloaded before,
 * else the published release, else a build from the pinned source.
 */
export async function acquire(program: Program, progress: (line: string) => void): Promise<Acquired> {
  const found = await locate(program, progress);
  const place = path.join(folders.programs, program.name);
  // The engine looks for the language host beside the file that it was started from, links followed: a CLI of our own
  // must lie in this clone itself. One of the machine has its language host beside it already.
  if (program.name === "pulumi" && found.origin !== "machine") await putFile(found.path, place);
  else await link(found.path, place);
  return found;
}

/** Whether the clone has the program already: a link that leads to a file. */
export function isPresent(program: Program): boolean {
  return existsSync(path.join(folders.programs, program.name));
}

async function locate(program: Program, progress: (line: string) => void): Promise<Acquired> {
  if (!onlyBuild()) {
    const installed = await findInstalled(program);
    if (installed) return { program, origin: "machine", ...installed };
  }
  const cached = path.join(
    sharedCache,
    "programs",
    `${program.name}-${program.version}-${await recipeKey(program)}`,
    program.name,
  );
  if (existsSync(cached)) return { program, origin: "cache", path: cached, detail: cached };

  const release = onlyBuild() ? undefined : program.release?.(platform());
  if (release) {
    const why = await tryDownload(release, cached, progress);
    if (why === undefined) return { program, origin: "download", path: cached, detail: release.url };
    progress(why);
  }
  await requireGo();
  await build(program, cached, progress);
  return { program, origin: "source", path: cached, detail: path.relative(process.cwd(), program.build.module) };
}

/** `undefined` when the download worked, else why it did not: a build from source then takes its place. */
async function tryDownload(
  release: NonNullable<ReturnType<NonNullable<Program["release"]>>>,
  output: string,
  progress: (line: string) => void,
): Promise<string | undefined> {
  for (const url of [release.url, release.checksums]) {
    if (!(await isReachable(url))) return `${new URL(url).host} can't be reached: building from source`;
  }
  try {
    await downloadRelease(release, output, progress);
    return undefined;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}: building from source`;
  }
}

async function build(program: Program, output: string, progress: (line: string) => void): Promise<void> {
  if (program.build.kind === "go") return goBuild(program.build, output, progress);
  await mkdir(path.dirname(output), { recursive: true });
  const running = execa("bash", [path.join(program.build.module, "build.sh"), output], {
    env: goEnvironment,
    reject: false,
    all: true,
  });
  for await (const line of running.iterable({ from: "all" })) progress(line);
  const result = await running;
  if (result.failed || !existsSync(output)) {
    throw new Error(`${program.build.module}/build.sh failed:\n${result.all?.split("\n").slice(-30).join("\n")}`);
  }
}

async function findInstalled({ name, installed }: Program): Promise<{ path: string; detail: string } | undefined> {
  if (!installed) return undefined;
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const candidate = path.join(folder, name);
    if (folder === "" || path.resolve(folder) === folders.programs || !existsSync(candidate)) continue;
    const result = await execa(candidate, installed.versionArguments, { reject: false, timeout: 20_000, all: true });
    const version = semver.coerce(result.all ?? "");
    if (version && semver.satisfies(version, installed.fits))
      return { path: candidate, detail: `${candidate} ${version.version}` };
  }
  return undefined;
}

/** Changes whenever anything does that the built program depends on. */
async function recipeKey(program: Program): Promise<string> {
  const hash = createHash("sha256").update(
    JSON.stringify([program.version, { ...program.build, module: "" }, platform()]),
  );
  const entries = await readdir(program.build.module, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(path.relative(program.build.module, file)).update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}

function platform(): Platform {
  const platforms: Record<string, Platform["os"]> = { linux: "linux", darwin: "darwin" };
  const architectures: Record<string, Platform["arch"]> = { x64: "amd64", arm64: "arm64" };
  const found = { os: platforms[os.platform()], arch: architectures[os.arch()] };
  if (!found.os || !found.arch) {
    throw new Error(`this machine is ${os.platform()}/${os.arch()}; allowed: linux or darwin on x64 or arm64`);
  }
  return { os: found.os, arch: found.arch };
}

/** Puts the very file at another place: by a hard link, or by a copy where that is another file system. */
async function putFile(file: string, at: string): Promise<void> {
  await mkdir(path.dirname(at), { recursive: true });
  await rm(at, { force: true });
  await hardLink(file, at).catch(() => copyFile(file, at));
}

/** Points `at` to `target`, replacing an older link. */
export async function link(target: string, at: string): Promise<void> {
  await mkdir(path.dirname(at), { recursive: true });
  await stat(target);
  const existing = await lstat(at).catch(() => undefined);
  if (existing?.isSymbolicLink() && (await readlink(at)) === target) return;
  await rm(at, { recursive: true, force: true });
  await symlink(target, at);
}
