import { fstatSync } from "node:fs";

const STDIN = 0;

/** The address of the engine that started this plugin: its last argument, after any logging and tracing flags. */
export function engineAddressOf(args: readonly string[]): string | undefined {
  const last = args.at(-1);
  return last?.startsWith("-") ? undefined : last;
}

/**
 * Ends this process when the engine has done with it or is gone.
 *
 * The engine interrupts the process group of a plugin and kills it five seconds later, so an ignored SIGINT costs five
 * seconds at the end of every command. (Ctrl-C never arrives here: a plugin has a process group of its own.) An engine
 * that was killed says nothing at all; but it held the other end of our standard input.
 */
export function endWithEngine(cleanUp: () => void = () => undefined): void {
  const end = (): void => {
    cleanUp();
    process.exit(0);
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  const input = fstatSync(STDIN);
  if (!input.isFIFO() && !input.isSocket()) return; // a terminal or /dev/null: started by hand
  process.stdin.on("end", end).on("error", end).resume();
}
