import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ArgumentError } from "../argumentError";

/** A file of a chart folder, with the content that its digest was taken of. */
export interface ChartFile {
  /** Relative path with `/` between names. */
  readonly path: string;
  readonly content: Buffer;
}

export const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

/** All files below a folder, sorted by path. Links are refused: what they lead to could change behind the digest. */
export function readFolder(folder: string): ChartFile[] {
  const files: ChartFile[] = [];
  const visit = (relative: string): void => {
    for (const entry of readdirSync(path.join(folder, relative), { withFileTypes: true })) {
      const name = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) visit(name);
      else if (entry.isFile()) files.push({ path: name, content: readFileSync(path.join(folder, name)) });
      else throw linkRefused(folder, name);
    }
  };
  visit("");
  return files.sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
}

/**
 * Digest of a folder: SHA-256 of one line per file, `<sha256 of its content>  <path>`, sorted by the bytes of the path.
 * File modes and dates don't count. The same in a shell, in that folder:
 *
 *     find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum
 */
export function filesDigest(files: readonly ChartFile[]): string {
  const lines = files.map((file) => `${sha256(file.content)}  ${file.path}\n`);
  return `sha256:${sha256(lines.join(""))}`;
}

export function directoryDigest(folder: string): string {
  return filesDigest(readFolder(folder));
}

function linkRefused(folder: string, name: string): ArgumentError {
  return new ArgumentError({
    where: `chart folder ${folder}`,
    argument: name,
    problem: "is neither a file nor a folder",
    given: name,
    allowed: "files and folders, no links",
    fix: "copy what the link leads to",
  });
}
