import { findDaemon, logFile, logTail, logTailText, startDaemon, type Daemon } from "../processes";
import { waitUntilReady, type Probe, type TlsFiles } from "../waiting";
import type { Program } from "./daemons";

/** A program found its port taken. */
export class PortTaken extends Error {}

export interface StartOptions {
  signal: AbortSignal;
  timeoutSeconds: number;
  status: (message: string) => void;
}

/** Returns the function that starts one of `parts` and waits until its probe answers. */
export function starter(parts: readonly Daemon[], { signal, timeoutSeconds, status }: StartOptions) {
  return async (name: Program, probe: string | Probe, tls?: TlsFiles): Promise<void> => {
    const daemon = parts.find((part) => part.name === name);
    if (!daemon) throw new Error(`${name} is not a part of the cluster`);
    const log = logFile(daemon.directory, name);
    status(`starting ${name}`);
    if (signal.aborted) throw new Error(`Cancelled before ${name} was started.`);
    await startDaemon(daemon);
    await waitUntilReady(probe, {
      what: name,
      signal,
      timeoutSeconds,
      tls,
      onWait: (seconds, reason) => status(`waiting for ${name} (${seconds} s): ${reason}`),
      hopeless: () => {
        if (findDaemon(daemon.directory, name)) return undefined;
        if (logTail(log).some((line) => line.includes("address already in use")))
          throw new PortTaken(portMessage(name, log));
        return `${name} ended instead of getting ready.${logTailText(log)}`;
      },
    }).catch((error: unknown) => {
      if (error instanceof PortTaken || signal.aborted || !findDaemon(daemon.directory, name)) throw error;
      throw new Error(`${error instanceof Error ? error.message : String(error)}${logTailText(log)}`);
    });
  };
}

function portMessage(name: Program, log: string): string {
  return `${name} can't listen: its port is taken by another program, again and again.${logTailText(log)}`;
}
