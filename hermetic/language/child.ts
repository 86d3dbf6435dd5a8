import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

/** How long a program may take to end once it was interrupted. */
const PATIENCE_MS = 5_000;

/** How a child process ended. */
export interface Exit {
  /** `null` when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface NodeCommand {
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** The children of this host, so that none outlives it. */
export class Children {
  private readonly running = new Set<ChildProcess>();

  /** Starts node, the one that runs this host, with its output in our hands. */
  start({ args, cwd, env }: NodeCommand): ChildProcess {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    this.running.add(child);
    child.once("close", () => this.running.delete(child));
    return child;
  }

  interruptAll(): void {
    for (const child of this.running) interrupt(child);
  }

  killAll(): void {
    for (const child of this.running) child.kill("SIGKILL");
  }
}

/** Asks a child to end, and makes it end if it doesn't. */
export function interrupt(child: ChildProcess): void {
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  timer.unref();
  child.once("close", () => {
    clearTimeout(timer);
  });
}

/** Resolves when the child has ended and all of its output was read; rejects when it could not be started. */
export function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
  });
}

/** The file behind a module name, as the program in `directory` would find it. */
export function locateModule(name: string, directory: string): string {
  try {
    return createRequire(path.join(directory, "package.json")).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new Error(`There is no ${name} for the program in ${directory}. Run: npm ci`, { cause: error });
  }
}
