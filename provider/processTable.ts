import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A process and when it started: together they are unique, while a pid alone is used again after a while. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the words of the operating system; only compared for equality. */
  started: string;
}

export interface ListedProcess extends ProcessIdentity {
  args: string[];
}

/** The live process with this pid; a zombie, which nobody has waited for yet, is not alive. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (process.platform === "linux") return identifyByProc(pid);
  return list(["-p", String(pid)])[0];
}

/** Processes of this machine that we may see, with their arguments. */
export function listProcesses(): ListedProcess[] {
  if (process.platform !== "linux") return list(["-ax"]);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const identity = identifyByProc(Number(name));
      const args = readProc(`/proc/${name}/cmdline`)?.split("\0");
      return identity && args ? [{ ...identity, args }] : [];
    });
}

function identifyByProc(pid: number): ProcessIdentity | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program's name in brackets and may hold blanks and brackets itself: count from its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, threads, startTime] = [fields[0], Number(fields[17]), fields[19]]; // fields 3, 20 and 22 of proc(5)
  if (startTime === undefined || state === "X") return undefined;
  // While other threads of a zombie are still ending, its ports and locks are not free yet.
  if (state === "Z" && threads <= 1) return undefined;
  // Start times count from boot, so the boot belongs to the identity.
  return { pid, started: `${readProc("/proc/sys/kernel/random/boot_id")?.trim() ?? ""} ${startTime}` };
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // ended meanwhile, or another user's
  }
}

/** `ps` of macOS and BSD: pid, state, start (always five words), then the command with its arguments. */
function list(selection: string[]): ListedProcess[] {
  let output: string;
  try {
    output = execFileSync("ps", ["-ww", "-o", "pid=,state=,lstart=,args=", ...selection], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return []; // ps fails when no process matches
  }
  return output.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\S+)\s+((?:\S+\s+){4}\S+)\s+(.*)$/.exec(line);
    if (!match || match[2]?.startsWith("Z")) return [];
    return [{ pid: Number(match[1]), started: match[3] ?? "", args: (match[4] ?? "").split(" ") }];
  });
}
