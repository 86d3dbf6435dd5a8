import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { exitOf, interrupt, locateModule, type Children, type Exit, type NodeCommand } from "./child";
import { optionsEnvironment, runtimeOptions } from "./runtimeOptions";

/** The exit code by which the SDK's run script says that the user has already seen what went wrong. */
const ERROR_WAS_SHOWN = 32;

/** What the engine is told about a run: nothing, an error to show, or to stop because the error was shown. */
export interface RunResult {
  error: string;
  bail: boolean;
}

/** Runs the program; its output goes to ours, which the engine shows. */
export async function runProgram(
  request: RunRequest,
  engineAddress: string,
  children: Children,
  cancelled: AbortSignal,
): Promise<RunResult> {
  const child = children.start(programCommand(request, engineAddress, process.env));
  const onCancel = (): void => {
    interrupt(child);
  };
  cancelled.addEventListener("abort", onCancel, { once: true });
  // Not inherited: node makes its output non-blocking, and that would make ours so, too.
  child.stdout?.pipe(process.stdout, { end: false });
  child.stderr?.pipe(process.stderr, { end: false });
  try {
    return runResult(await exitOf(child));
  } finally {
    cancelled.removeEventListener("abort", onCancel);
  }
}

/** The node command that runs a program: flags and environment that @pulumi/pulumi/cmd/run understands. */
export function programCommand(
  request: RunRequest,
  engineAddress: string,
  environment: NodeJS.ProcessEnv,
): NodeCommand {
  const info = request.getInfo();
  if (!info) throw new Error("The engine asked for a run without saying of which program.");
  const options = runtimeOptions(info.getOptions()?.toJavaScript() ?? {});
  const flags: Record<string, string> = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: info.getProgramDirectory(),
    parallel: String(request.getParallel()),
  };
  return {
    args: [
      ...options.nodeArguments,
      locateModule("@pulumi/pulumi/cmd/run", info.getProgramDirectory()),
      ...Object.entries(flags).flatMap(([flag, value]) => (value === "" ? [] : [`--${flag}`, value])),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info.getEntryPoint(),
      ...request.getArgsList(),
    ],
    // Loaders such as `--import tsx` are looked up from here.
    cwd: info.getProgramDirectory(),
    env: { ...environment, ...optionsEnvironment(options), ...configEnvironment(request) },
  };
}

/** Config holds secrets in clear text: it goes through the environment, which only this user can read, not through arguments. */
function configEnvironment(request: RunRequest): NodeJS.ProcessEnv {
  const config = request.getConfigMap().toObject(false);
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config.map(([key, value]) => [legacyKey(key), value]))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

/** `project:key` as the SDK's older form `project:config:key`, which every version of it understands. */
function legacyKey(key: string): string {
  const colon = key.indexOf(":");
  return `${key.slice(0, colon)}:config:${key.slice(colon + 1)}`;
}

/** What an exit code means to the engine. */
export function runResult({ code, signal }: Exit): RunResult {
  if (code === 0) return { error: "", bail: false };
  if (code === ERROR_WAS_SHOWN) return { error: "", bail: true };
  if (code !== null) return { error: `The program ended with exit code ${String(code)}.`, bail: false };
  const hint = signal === "SIGABRT" ? " Out of memory? Raise it with NODE_OPTIONS=--max-old-space-size=8192." : "";
  return { error: `The program was ended by ${String(signal)}.${hint}`, bail: false };
}
