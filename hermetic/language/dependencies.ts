import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

export interface Dependency {
  name: string;
  version: string;
}

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

interface Lock {
  packages?: Record<string, { version?: string; link?: boolean }>;
}

/** What a program depends on, by its package.json or, with what those depend on, by its package-lock.json. */
export function dependenciesOf(directory: string, transitive: boolean): Dependency[] {
  const lock = (readJson(path.join(directory, "package-lock.json")) as Lock | undefined)?.packages ?? {};
  const found = transitive
    ? Object.keys(lock)
        .filter((place) => place !== "" && lock[place]?.link !== true)
        .map((place) => ({ name: nameAt(place), version: lock[place]?.version ?? "" }))
    : declared(directory).map(([name, range]) => ({ name, version: lock[`node_modules/${name}`]?.version ?? range }));
  return found.sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
}

function declared(directory: string): [string, string][] {
  const manifest = (readJson(path.join(directory, "package.json")) ?? {}) as Manifest;
  return Object.entries({ ...manifest.devDependencies, ...manifest.dependencies });
}

/** `node_modules/a/node_modules/@b/c` is the package `@b/c`. */
function nameAt(place: string): string {
  return place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
}

function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** Installs a program's packages with npm: exactly those of the lock file where there is one. */
export function installDependencies(directory: string, onOutput: (bytes: Buffer) => void): Promise<void> {
  const command = existsSync(path.join(directory, "package-lock.json")) ? "ci" : "install";
  return new Promise((resolve, reject) => {
    const npm = spawn("npm", [command, "--no-audit", "--no-fund"], {
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe"],
    });
    npm.stdout.on("data", onOutput);
    npm.stderr.on("data", onOutput);
    npm.once("error", (error) => {
      reject(new Error(`npm could not be started in ${directory}: ${error.message}`));
    });
    npm.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${command} in ${directory} ended with exit code ${String(code)}.`));
    });
  });
}
