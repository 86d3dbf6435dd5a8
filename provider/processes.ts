import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, closeSync, constants, existsSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { makePrivateDirectory, readFileIfAny, readJsonIfAny, writePrivateJson } from "./files";
import { identify, listProcesses, type ProcessIdentity } from "./processTable";

/** A program that goes on running when the plugin ends; its log and pid file lie in its data directory. */
export interface Daemon {
  /** Name of log and pid file, for instance `vault`. */
  name: string;
  /** Data directory of the resource, absolute. */
  directory: string;
  /** Absolute path, see `findProgram`. */
  program: string;
  /** Never a secret: arguments are visible to every user of the machine. */
  args: readonly string[];
  /** Added to the few variables that a daemon inherits. Never a secret. */
  env?: Readonly<Record<string, string>>;
  /** Files that it reads only when it starts (absolute paths): `startDaemon` restarts it when one has changed. */
  files?: readonly string[];
  /** Seconds between SIGTERM and SIGKILL when it is restarted. @default 10 */
  graceSeconds?: number;
  /** Version of the program, when a change of it is to restart the daemon. */
  version?: string;
}

/** What a pid file holds. */
interface Started extends ProcessIdentity {
  fingerprint: string;
}

export const logFile = (directory: string, name: string): string => join(directory, "logs", `${name}.log`);
export const pidFile = (directory: string, name: string): string => join(directory, "pids", `${name}.json`);

/** What a daemon inherits: not the passphrase and tokens that the engine's environment holds. */
export function daemonEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const inherited = ["PATH", "HOME", "USER", "LANG", "TMPDIR", "TZ"];
  const kept = inherited.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return { ...Object.fromEntries(kept), ...extra };
}

/** Absolute path of a program on PATH. */
export function findProgram(name: string): string {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    if (folder !== "" && isExecutable(path)) return path;
  }
  throw new Error(
    `The program "${name}" is not on PATH. Run \`npm start\` (or \`npm run tools\`), which gets it, and use \`npm run pulumi -- ...\`.`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Starts the daemon in a process group of its own; restarts it when it runs with other arguments, files or version. */
export async function startDaemon(daemon: Daemon): Promise<ProcessIdentity> {
  const running = findDaemon(daemon.directory, daemon.name);
  const wanted = fingerprint(daemon);
  if (running?.fingerprint === wanted) return running;
  if (running) await stopDaemon(daemon.directory, daemon.name, daemon.graceSeconds);
  const log = logFile(daemon.directory, daemon.name);
  makePrivateDirectory(dirname(log));
  startNewLog(log);
  const output = openSync(log, "a", 0o600);
  try {
    const child = spawn(daemon.program, daemon.args, {
      cwd: daemon.directory,
      env: daemonEnvironment(daemon.env),
      detached: true,
      stdio: ["ignore", output, output],
    });
    // `error` comes without a pid when the program can't be run at all.
    await new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.unref();
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (!identity) throw new Error(`${daemon.name} ended at once.${logTailText(log)}`);
    writePrivateJson(pidFile(daemon.directory, daemon.name), { ...identity, fingerprint: wanted } satisfies Started);
    return identity;
  } finally {
    closeSync(output);
  }
}

/** Each start has a log of its own, so that its end tells about this run; the one before is kept. */
function startNewLog(log: string): void {
  if (existsSync(log)) renameSync(log, `${log}.old`);
}

function fingerprint({ program, args, env = {}, files = [], version = "" }: Daemon): string {
  const contents = files.map((file) => [file, readFileIfAny(file) ?? ""]);
  return createHash("sha256")
    .update(JSON.stringify([program, args, env, version, contents]))
    .digest("hex");
}

/** The daemon's process if it lives. A pid that belongs to another process by now does not count. */
export function findDaemon(directory: string, name: string): Started | undefined {
  const recorded = readJsonIfAny<Started>(pidFile(directory, name));
  return recorded && isAlive(recorded) ? recorded : undefined;
}

export function isAlive(recorded: ProcessIdentity): boolean {
  return identify(recorded.pid)?.started === recorded.started;
}

/** Stops the daemon if it lives and forgets it. Its data stay. */
export async function stopDaemon(directory: string, name: string, graceSeconds = 10): Promise<void> {
  const running = findDaemon(directory, name);
  if (running) await stopProcess(running, graceSeconds);
  rmSync(pidFile(directory, name), { force: true });
}

/** SIGTERM, then SIGKILL after the grace time; returns when the process is gone. */
export async function stopProcess(target: ProcessIdentity, graceSeconds = 10): Promise<void> {
  signalGroup(target, "SIGTERM");
  if (await isGoneWithin(target, graceSeconds)) return;
  signalGroup(target, "SIGKILL");
  if (await isGoneWithin(target, 10)) return;
  throw new Error(`Process ${target.pid} does not end, not even by SIGKILL. Look at it with \`ps -fp ${target.pid}\`.`);
}

async function isGoneWithin(target: ProcessIdentity, seconds: number): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (isAlive(target)) {
    if (Date.now() > end) return false;
    await sleep(50);
  }
  return true;
}

function signalGroup(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  for (const pid of [-target.pid, target.pid]) {
    try {
      process.kill(pid, signal);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // not a group leader, or just ended
    }
  }
}

/**
 * Processes of ours that no pid file names, because the plugin was killed between the start and the note: those whose
 * program is one of `programs` and that were given a path below `directory`.
 */
export function findLeftovers(directory: string, programs: readonly string[]): ProcessIdentity[] {
  return listProcesses().filter(({ args: [program = "", ...args] }) => {
    // Joined, because `ps` splits a path that has blanks.
    const given = args.join(" ");
    return programs.includes(basename(program)) && (given.includes(`${directory}/`) || given.endsWith(directory));
  });
}

/** Stops those among them that no pid file of `names` knows. */
export async function stopLeftovers(directory: string, programs: readonly string[], names = programs): Promise<void> {
  const recorded = names.map((name) => findDaemon(directory, name)?.pid);
  const leftovers = findLeftovers(directory, programs).filter(({ pid }) => !recorded.includes(pid));
  await Promise.all(leftovers.map((leftover) => stopProcess(leftover)));
}

/** The last lines of a log, each cut to a readable length, without what looks like a credential. */
export function logTail(file: string, lines = 20): string[] {
  const all = (readFileIfAny(file) ?? "").trimEnd().split("\n");
  return all.slice(-lines).map((line) => {
    const harmless = line.replace(/((?:secret|token|password|key-data)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi, "$1[hidden]");
    return harmless.length > 400 ? `${harmless.slice(0, 400)}...` : harmless;
  });
}

/** For the end of an error message: where the log is and how it ends. */
export function logTailText(file: string, lines = 20): string {
  const tail = logTail(file, lines).filter((line) => line !== "");
  return tail.length === 0 ? ` Its log ${file} is empty.` : `\nThe end of its log ${file}:\n  ${tail.join("\n  ")}`;
}
