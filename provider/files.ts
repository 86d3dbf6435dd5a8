import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** Creates a directory that only its owner can enter, with its parents. */
export function makePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/**
 * Writes a file that only its owner can read, all of it or nothing: a killed process never leaves half a key behind,
 * and a reader never sees one.
 */
export function writePrivateFile(path: string, content: string): void {
  makePrivateDirectory(dirname(path));
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  const file = openSync(temporary, "wx", 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export function writePrivateJson(path: string, content: unknown): void {
  writePrivateFile(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** The file's content, or `undefined` when there is none. */
export function readFileIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Parsed JSON of a file of ours, or `undefined` when there is none. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names what it wrote itself
export function readJsonIfAny<T>(path: string): T | undefined {
  const text = readFileIfAny(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(
      `${path} is not valid JSON. It is written by this project; if it was edited by hand, restore or delete it.`,
    );
  }
}

/** The file's content, made by `create` and kept when the file is not there yet. For keys and passwords. */
export function readOrCreatePrivateFile(path: string, create: () => string): string {
  const known = readFileIfAny(path);
  if (known !== undefined) return known;
  const content = create();
  writePrivateFile(path, content);
  return content;
}

export function removeDirectory(path: string): void {
  if (existsSync(path)) rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
