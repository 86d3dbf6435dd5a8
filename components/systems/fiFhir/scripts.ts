import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "database", "scripts");

/** Content of the scripts and SQL files that run inside pods: real files, so that they can be linted and tested alone. */
export function scripts(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]));
}

export function allScripts(): string[] {
  return readdirSync(FOLDER).sort();
}
