import { readdir, readFile } from "node:fs/promises";

/** Running processes in whose command line a folder is named (Linux). */
export async function processesOf(folder: string): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""); // ended meanwhile
      return { pid: Number(pid), command: commandLine.split("\0").join(" ") };
    }),
  );
  return found.filter(({ command }) => command.includes(folder));
}
