import { readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { z } from "zod";

const Lock = z.object({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/**
 * Removes the locks of a file backend that killed Pulumi processes of this machine left behind, so that the next command
 * finishes what they began. A lock of a living process, or of another machine, is left alone: Pulumi refuses then.
 *
 * @returns one line for each lock that was removed.
 */
export async function releaseDeadLocks(stateFolder: string, project: string, stack: string): Promise<string[]> {
  const folder = path.join(stateFolder, ".pulumi", "locks", "organization", project, stack);
  // Beside each lock the backend keeps a file of attributes, NAME.json.attrs, which means nothing without it.
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(".json"));
  const released: string[] = [];
  for (const file of files) {
    const lock = Lock.parse(JSON.parse(await readFile(path.join(folder, file), "utf8")));
    if (lock.hostname !== os.hostname() || (await isPulumi(lock.pid))) continue;
    await rm(path.join(folder, file));
    await rm(path.join(folder, `${file}.attrs`), { force: true });
    released.push(
      `stack ${stack}: an update of ${lock.timestamp} was killed (process ${lock.pid}); it is finished now`,
    );
  }
  return released;
}

/** Process numbers are used again: the lock is alive only while its number still belongs to a Pulumi process. */
async function isPulumi(pid: number): Promise<boolean> {
  const result = await execa("ps", ["-p", String(pid), "-o", "comm="], { reject: false });
  if (result.failed && result.exitCode === undefined) return true; // no `ps` to ask: never break a lock on a guess
  return result.stdout.includes("pulumi");
}
