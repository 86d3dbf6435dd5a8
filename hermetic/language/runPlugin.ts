import type { ChildProcess } from "node:child_process";
import type { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { RunPluginRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { exitOf, interrupt, locateModule, type Children, type Exit, type NodeCommand } from "./child";
import { PolicyProxy } from "./policyProxy";
import { optionsEnvironment, runtimeOptions } from "./runtimeOptions";

/** The engine's name for a plugin that is a policy pack. */
const POLICY_PACK = "analyzer";

/** Where the output of a plugin goes. */
export interface PluginOutput {
  stdout(bytes: Buffer): void;
  stderr(bytes: Buffer): void;
}

/** Runs a plugin that is written as a Node program, until it ends or `cancelled`. */
export async function runPlugin(
  request: RunPluginRequest,
  output: PluginOutput,
  children: Children,
  cancelled: AbortSignal,
): Promise<Exit> {
  if (request.getKind() === POLICY_PACK) return runPolicyPack(request, output, children, cancelled);
  const child = children.start(pluginCommand(request));
  interruptOn(cancelled, child);
  child.stdout?.on("data", (bytes: Buffer) => {
    output.stdout(bytes);
  });
  child.stderr?.on("data", (bytes: Buffer) => {
    output.stderr(bytes);
  });
  return exitOf(child);
}

async function runPolicyPack(
  request: RunPluginRequest,
  output: PluginOutput,
  children: Children,
  cancelled: AbortSignal,
): Promise<Exit> {
  const proxy = new PolicyProxy();
  try {
    output.stdout(Buffer.from(`${String(await proxy.start())}\n`));
    const configuration = await Promise.race([proxy.configuration, whenAborted(cancelled)]);
    if (cancelled.aborted) return { code: 0, signal: null };
    const child = children.start(pluginCommand(request, configuration ?? undefined));
    interruptOn(cancelled, child);
    child.stderr?.on("data", (bytes: Buffer) => {
      output.stderr(bytes);
    });
    onFirstLine(child, {
      line: (line) => {
        if (/^\d+$/.test(line)) proxy.attach(Number(line));
        else
          proxy.fail(
            new Error(
              `The policy pack printed "${line}" to standard output before its port, which must come first. ` +
                "While a pack loads it can print to standard error.",
            ),
          );
      },
      rest: (bytes) => {
        output.stdout(bytes);
      },
    });
    const exit = await exitOf(child);
    proxy.fail(new Error("The policy pack ended before it answered; its output says why."));
    return exit;
  } finally {
    proxy.close();
  }
}

/** The node command that runs a plugin: a policy pack in its own folder, anything else in the program's. */
export function pluginCommand(request: RunPluginRequest, configuration?: AnalyzerStackConfigureRequest): NodeCommand {
  const info = request.getInfo();
  if (!info) throw new Error("The engine asked for a plugin to be run without saying which.");
  const options = runtimeOptions(info.getOptions()?.toJavaScript() ?? {});
  const isPolicyPack = request.getKind() === POLICY_PACK;
  const directory = info.getProgramDirectory();
  const script = isPolicyPack ? "@pulumi/pulumi/cmd/run-policy-pack" : "@pulumi/pulumi/cmd/run-plugin";
  const args = request.getArgsList();
  return {
    args: [
      ...options.nodeArguments,
      locateModule(script, directory),
      ...(isPolicyPack ? [...args, directory] : [directory, ...args]),
    ],
    cwd: isPolicyPack ? directory : request.getPwd(),
    env: {
      ...environmentOf(request.getEnvList()),
      ...optionsEnvironment(options),
      ...(configuration ? stackEnvironment(configuration) : {}),
    },
  };
}

/** How a policy pack gets to know the stack that it judges. */
function stackEnvironment(configuration: AnalyzerStackConfigureRequest): NodeJS.ProcessEnv {
  return {
    PULUMI_NODEJS_ORGANIZATION: configuration.getOrganization(),
    PULUMI_NODEJS_PROJECT: configuration.getProject(),
    PULUMI_NODEJS_STACK: configuration.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(configuration.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(configuration.getConfigMap().toObject(false))),
  };
}

/** `KEY=value` lines as an object; a later line wins. */
function environmentOf(lines: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    lines.map((line) => {
      const equals = line.indexOf("=");
      return [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
}

function onFirstLine(child: ChildProcess, to: { line(line: string): void; rest(bytes: Buffer): void }): void {
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout?.on("data", (bytes: Buffer) => {
    if (head === undefined) {
      to.rest(bytes);
      return;
    }
    head = Buffer.concat([head, bytes]);
    const end = head.indexOf("\n");
    if (end < 0) return;
    const rest = head.subarray(end + 1);
    to.line(head.toString("utf8", 0, end).trim());
    head = undefined;
    if (rest.length > 0) to.rest(rest);
  });
}

function interruptOn(cancelled: AbortSignal, child: ChildProcess): void {
  if (cancelled.aborted) interrupt(child);
  const onAbort = (): void => {
    interrupt(child);
  };
  cancelled.addEventListener("abort", onAbort, { once: true });
  child.once("close", () => {
    cancelled.removeEventListener("abort", onAbort);
  });
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      resolve(undefined);
    });
  });
}
