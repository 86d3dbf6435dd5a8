import { createHash } from "node:crypto";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { unzipSync } from "fflate";
import * as tar from "tar";
import type { Release } from "./programs";

const reachable = new Map<string, Promise<boolean>>();

/** Whether a host answers at all; asked once a run. A host that answers with an error is reachable: the download says what is wrong. */
export function isReachable(url: string, timeoutMs = 4000): Promise<boolean> {
  const origin = new URL(url).origin;
  const known = reachable.get(origin);
  if (known) return known;
  const asked = fetch(origin, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(timeoutMs) }).then(
    () => true,
    () => false,
  );
  reachable.set(origin, asked);
  return asked;
}

/**
 * Downloads a release to `output` after its SHA-256 was found equal to the published one.
 *
 * @throws when the file or its checksum can't be had, or they differ: nothing is left at `output` then.
 */
export async function downloadRelease(
  release: Release,
  output: string,
  progress: (line: string) => void,
): Promise<void> {
  const file = path.basename(new URL(release.url).pathname);
  progress(`downloading ${release.url}`);
  const [content, checksums] = await Promise.all([fetchBytes(release.url), fetchBytes(release.checksums)]);
  const expected = publishedChecksum(Buffer.from(checksums).toString("utf8"), file);
  if (!expected) throw new Error(`${release.checksums} has no SHA-256 for ${file}`);
  const actual = createHash("sha256").update(content).digest("hex");
  if (actual !== expected)
    throw new Error(`${release.url}: SHA-256 is ${actual}, published is ${expected}; the file was not used`);

  await mkdir(path.dirname(output), { recursive: true });
  const partial = `${output}.partial`;
  await rm(partial, { recursive: true, force: true });
  await writeFile(partial, release.member ? await extract(content, file, release.member) : content);
  await chmod(partial, 0o755);
  await rename(partial, output);
}

/** The checksum of `file` in a list as `sha256sum` writes it, or the only one of a file that holds nothing else. */
export function publishedChecksum(list: string, file: string): string | undefined {
  for (const line of list.split("\n")) {
    const [, sum, name] = /^([0-9a-f]{64})(?:\s+\*?(.+?))?\s*$/.exec(line) ?? [];
    if (sum && (name === undefined || path.basename(name) === file)) return sum;
  }
  return undefined;
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(300_000) });
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function extract(archive: Uint8Array, file: string, member: string): Promise<Uint8Array> {
  const content = file.endsWith(".zip")
    ? unzipSync(archive, { filter: ({ name }) => name === member })[member]
    : await extractTar(archive, member);
  if (!content) throw new Error(`${file} has no ${member}`);
  return content;
}

async function extractTar(archive: Uint8Array, member: string): Promise<Uint8Array | undefined> {
  const parts: Buffer[] = [];
  let found = false;
  const parser = new tar.Parser({
    onReadEntry: (entry) => {
      if (entry.path.replace(/^\.\//, "") === member) {
        found = true;
        entry.on("data", (chunk: Buffer) => parts.push(chunk));
      } else {
        entry.resume();
      }
    },
  });
  const done = new Promise<void>((resolve, reject) => {
    parser.on("end", () => resolve());
    parser.on("error", reject);
  });
  parser.end(Buffer.from(archive));
  await done;
  return found ? Buffer.concat(parts) : undefined;
}
