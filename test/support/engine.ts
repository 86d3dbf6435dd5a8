import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { buildPlugins } from "../../hermetic/build";
import { selectPlugins } from "../../hermetic/plugins";
import { withoutAutomaticLog } from "../../tools/environment";
import { engineSteps, type EngineStep } from "./engineSteps";

export type { EngineStep } from "./engineSteps";

export const REPOSITORY = path.resolve(__dirname, "../..");

export interface EngineOptions {
  /** Folder with a Pulumi.yaml of its own. @default a new folder with an empty TypeScript program, removed at the end */
  projectDir?: string;
  /** Project name of the new folder. @default "test" */
  project?: string;
  /** Stack that every command works on. @default "test" */
  stack?: string;
  /** Folder with plugin executables, put first on PATH: give another one to test official plugins. @default none: see {@link hermeticPlugins} */
  pluginsDir?: string;
  /** More folders for PATH, after `pluginsDir`. */
  extraPath?: string[];
  /** Folder of the state. @default a new one, removed at the end */
  backendDir?: string;
  /** More environment; wins over what the class sets. */
  env?: NodeJS.ProcessEnv;
}

export interface CommandResult {
  stdout: string;
  stderr: string;
  /** Both, as a person at a terminal sees them. */
  output: string;
  exitCode: number;
  /** What the engine did or would do, in the order of its own log; empty for commands that are no operation. */
  steps: EngineStep[];
  milliseconds: number;
}

export interface CommandOptions {
  /** Fail the test, with the output, when the exit code is not this one; `"any"` accepts all. @default 0 */
  expect?: number | "any";
  env?: NodeJS.ProcessEnv;
  /** Kills the command after this time. @default 5 minutes */
  timeoutMs?: number;
}

/**
 * Builds plugins of this repository and returns the folder they are in. The folder is kept between test runs, so that
 * only what changed is built. Names as in `hermetic/plugins.ts`, short or long.
 */
export async function hermeticPlugins(...names: string[]): Promise<string> {
  const folder = path.join(REPOSITORY, ".landing-zone", "test", "plugins");
  await buildPlugins(folder, selectPlugins(names));
  return folder;
}

/**
 * The real Pulumi engine (`pulumi` of PATH) on a project of its own: own folder, own state, own PULUMI_HOME.
 *
 * ```ts
 * const engine = await Engine.create({ pluginsDir: await hermeticPlugins("nodejs", "random") });
 * after(() => engine.dispose());
 * await engine.program(`import * as random from "@pulumi/random"; new random.RandomUuid("id");`);
 * const { steps } = await engine.up();
 * assert.deepEqual(steps, [["create", "pulumi:pulumi:Stack", "test-test"], ...]);
 * ```
 */
export class Engine {
  private constructor(
    /** The project: Pulumi.yaml, index.ts. */
    readonly directory: string,
    readonly stack: string,
    /** Everything that `dispose` removes. */
    private readonly scratch: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Prepares the folders and creates the stack. */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    const scratch = await mkdtemp(path.join(tmpdir(), "engine-test-"));
    const backend = options.backendDir ?? path.join(scratch, "state");
    const home = path.join(scratch, "home");
    await Promise.all([backend, home].map((folder) => mkdir(folder, { recursive: true })));
    withoutAutomaticLog(home);
    const folders = [options.pluginsDir, ...(options.extraPath ?? []), path.join(REPOSITORY, "node_modules", ".bin")];
    const env: NodeJS.ProcessEnv = {
      ...withoutPulumi(process.env),
      PATH: [...folders, process.env.PATH].filter((folder) => folder !== undefined).join(path.delimiter),
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "only for this test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      GOGC: "400",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_DEBUG_COMMANDS: "true", // unlocks --event-log
      // Compiling the SDK anew for every program takes longer than running it.
      NODE_COMPILE_CACHE: path.join(REPOSITORY, ".landing-zone", "test", "compile-cache"),
      ...options.env,
    };
    const directory = options.projectDir ?? path.join(scratch, "project");
    const engine = new Engine(directory, options.stack ?? "test", scratch, env);
    if (!existsSync(path.join(directory, "Pulumi.yaml"))) await engine.newProject(options.project ?? "test");
    await engine.pulumi(["stack", "init", engine.stack, "--no-select"]);
    return engine;
  }

  private async newProject(name: string): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    await symlink(path.join(REPOSITORY, "node_modules"), path.join(this.directory, "node_modules"));
    const runtime = { name: "nodejs", options: { typescript: false, nodeargs: "--import tsx" } };
    await this.write("Pulumi.yaml", JSON.stringify({ name, runtime }));
    await this.write("package.json", JSON.stringify({ name, main: "index.ts" }));
    await this.program("");
  }

  /** Replaces the program, index.ts. */
  async program(source: string): Promise<void> {
    await this.write("index.ts", `${source}\nexport {};\n`);
  }

  /** Writes a file of the project, folders included. */
  async write(file: string, content: string): Promise<void> {
    const target = path.join(this.directory, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }

  /** Sets config of the stack; secret values are given through standard input, never as arguments. */
  async config(key: string, value: string, options: { secret?: boolean } = {}): Promise<void> {
    const kind = options.secret ? "--secret" : "--plaintext";
    await this.pulumi(["config", "set", kind, key, "--stack", this.stack], {}, value);
  }

  preview(args: string[] = [], options?: CommandOptions): Promise<CommandResult> {
    return this.operation("preview", args, options);
  }

  up(args: string[] = [], options?: CommandOptions): Promise<CommandResult> {
    return this.operation("up", ["--yes", "--skip-preview", ...args], options);
  }

  refresh(args: string[] = [], options?: CommandOptions): Promise<CommandResult> {
    return this.operation("refresh", ["--yes", "--skip-preview", ...args], options);
  }

  destroy(args: string[] = [], options?: CommandOptions): Promise<CommandResult> {
    return this.operation("destroy", ["--yes", "--skip-preview", ...args], options);
  }

  /** `pulumi import TYPE NAME ID`, without generated code and without protecting the resource. */
  import(type: string, name: string, id: string, options?: CommandOptions): Promise<CommandResult> {
    const args = ["--yes", "--skip-preview", "--generate-code=false", "--protect=false", type, name, id];
    return this.operation("import", args, options);
  }

  /** The stack's outputs, secret ones in clear text. */
  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.pulumi(["stack", "output", "--json", "--show-secrets", "--stack", this.stack]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The deployment as it lies in the state: secrets encrypted. */
  async state(): Promise<string> {
    const { stdout } = await this.pulumi(["stack", "export", "--stack", this.stack]);
    return stdout;
  }

  /** Runs an operation on the stack with an event log, and reads its steps from there. */
  async operation(command: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
    const log = path.join(this.scratch, `events-${String(Date.now())}-${String(Math.random()).slice(2)}.log`);
    const all = [command, "--stack", this.stack, "--non-interactive", "--color", "never", "--event-log", log, ...args];
    const result = await this.pulumi(all, options);
    const steps = existsSync(log) ? engineSteps(await readFile(log, "utf8")) : [];
    return { ...result, steps };
  }

  /** Runs any pulumi command in the project. */
  async pulumi(args: string[], options: CommandOptions = {}, input = ""): Promise<CommandResult> {
    const { expect = 0, timeoutMs = 300_000 } = options;
    const started = performance.now();
    const result = await this.start(args, { env: options.env, input, timeout: timeoutMs });
    // No exit code: the program was not found, or it was killed after `timeoutMs`.
    if (result.exitCode === undefined) throw new Error(`pulumi ${args.join(" ")}`, { cause: result });
    if (expect !== "any" && result.exitCode !== expect) {
      throw new Error(`pulumi ${args.join(" ")}: exit code ${String(result.exitCode)}\n${result.all}`);
    }
    return {
      stdout: result.stdout,
      stderr: result.stderr,
      output: result.all,
      exitCode: result.exitCode,
      steps: [],
      milliseconds: performance.now() - started,
    };
  }

  /** Starts any pulumi command and leaves it running: to be interrupted or killed. Never rejects for an exit code. */
  start(args: string[], options: { env?: NodeJS.ProcessEnv; input?: string; timeout?: number } = {}) {
    return execa("pulumi", args, {
      cwd: this.directory,
      env: { ...this.env, ...options.env },
      extendEnv: false,
      reject: false,
      all: true,
      input: options.input ?? "",
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    });
  }

  /** Command lines of all processes that were started for this engine and still run (Linux). */
  async processes(): Promise<string[]> {
    const found: string[] = [];
    for (const pid of await readdir("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        const environment = await readFile(`/proc/${pid}/environ`, "utf8");
        if (!environment.includes(this.scratch)) continue;
        found.push((await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ").trim());
      } catch {
        continue; // ended meanwhile, or somebody else's
      }
    }
    return found.filter((commandLine) => commandLine !== "");
  }

  /** Removes all folders that this class made. It does not destroy what the program created: call `destroy` for that. */
  async dispose(): Promise<void> {
    await rm(this.scratch, { recursive: true, force: true });
  }
}

/** What the developer's own shell says about Pulumi must not reach a test. */
function withoutPulumi(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith("PULUMI_")));
}
