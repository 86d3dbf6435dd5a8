import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import { releaseDeadLocks } from "../../tools/locks";
import { Engine, hermeticPlugins, REPOSITORY } from "./engine";
import { processesOf } from "./processes";
import type { Mutation } from "./mutations";

const PROJECT = "fhir-landing-zone";

export interface LandingZoneOptions {
  /** Name of the stack and, with an embedded cluster, of the cluster: its folder is `.landing-zone/clusters/NAME`. */
  name: string;
  /** Committed stack file that the stack starts from. @default "local" */
  like?: "local" | "dev" | "prod";
  /** Changes the stack's configuration, whose keys are full names such as `fhir-landing-zone:cluster`. */
  configure?: (config: Record<string, unknown>) => void;
  mutation?: Mutation;
}

/** The real program of this repository under the real engine, with the policy pack and a state of its own. */
export class LandingZone {
  private constructor(
    readonly name: string,
    readonly engine: Engine,
    private readonly state: string,
  ) {}

  static async create({ name, like = "local", configure, mutation }: LandingZoneOptions): Promise<LandingZone> {
    const state = await mkdtemp(path.join(os.tmpdir(), "landing-zone-state-"));
    const engine = await Engine.create({
      project: PROJECT,
      backendDir: state,
      stack: name,
      pluginsDir: await hermeticPlugins(),
      env: {
        LANDING_ZONE_ROOT: REPOSITORY,
        PULUMI_OPTION_POLICY_PACK: path.join(REPOSITORY, "policy-pack"),
        NODE_COMPILE_CACHE: path.join(REPOSITORY, ".landing-zone", "compile-cache"),
      },
    });
    const zone = new LandingZone(name, engine, state);
    await zone.program(mutation);
    await zone.configure(like, configure);
    return zone;
  }

  /** The repository's own program, with a mutation when one is named. */
  async program(mutation?: Mutation): Promise<void> {
    const file = (name: string): string => JSON.stringify(path.join(REPOSITORY, name));
    const mutate = mutation
      ? `require(${file("test/support/mutations")}).mutateFiFhir(${JSON.stringify(mutation)});\n`
      : "";
    await this.engine.write("index.ts", `${mutate}module.exports = require(${file("index")});\n`);
  }

  private async configure(like: string, change: LandingZoneOptions["configure"]): Promise<void> {
    const stackFile = `Pulumi.${this.name}.yaml`;
    const committed = parse(await readFile(path.join(REPOSITORY, `Pulumi.${like}.yaml`), "utf8")) as StackFile;
    const own = parse(await readFile(path.join(this.engine.directory, stackFile), "utf8")) as StackFile;
    const config = { ...committed.config };
    const cluster = config["fhir-landing-zone:cluster"] as { provider: string };
    if (cluster.provider === "embedded") config["fhir-landing-zone:cluster"] = { ...cluster, name: this.name };
    change?.(config);
    await this.engine.write(stackFile, stringify({ ...own, config }));
  }

  /** Starts an up, does something to it at a moment, and waits for its end. */
  async upUntil(
    reached: (events: string) => boolean,
    act: (up: ReturnType<Engine["start"]>) => void,
    args: string[] = [],
  ): Promise<{ events: string; output: string; exitCode: number | undefined }> {
    await this.releaseLock();
    const log = path.join(this.engine.directory, `events-${Date.now()}.log`);
    const read = (): Promise<string> => readFile(log, "utf8").catch(() => "");
    const options = [
      "--yes",
      "--skip-preview",
      "--stack",
      this.name,
      "--non-interactive",
      "--color",
      "never",
      "--event-log",
      log,
    ];
    const up = this.engine.start(["up", ...options, ...args]);
    let ended = false;
    void up.then(() => (ended = true));
    while (!ended && !reached(await read())) await sleep(20);
    if (!ended) act(up);
    const { all, exitCode } = await up;
    return { events: await read(), output: all, exitCode };
  }

  /** What the wrapper (`npm run pulumi`) does before each operation: a killed engine leaves its lock behind. */
  async releaseLock(): Promise<void> {
    await releaseDeadLocks(this.state, PROJECT, this.name);
  }

  /** Command lines of the processes of the cluster, of Vault and of External Secrets (Linux). */
  daemons(): Promise<{ pid: number; command: string }[]> {
    return processesOf(this.directory);
  }

  /** Data of the embedded cluster, of Vault and of External Secrets. */
  get directory(): string {
    return path.join(REPOSITORY, ".landing-zone", "clusters", this.name);
  }

  kubeConfig(): KubeConfig {
    const config = new KubeConfig();
    config.loadFromFile(path.join(this.directory, "kubeconfig", "admin.yaml"));
    return config;
  }

  /** Destroys what may be left of a failed test and removes all folders. */
  async dispose(): Promise<void> {
    if (existsSync(this.directory)) {
      await this.releaseLock();
      await this.engine.destroy([], { expect: "any", timeoutMs: 120_000 });
      await rm(this.directory, { recursive: true, force: true });
    }
    await this.engine.dispose();
    await rm(this.state, { recursive: true, force: true });
  }
}

interface StackFile {
  config?: Record<string, unknown>;
  encryptionsalt?: string;
}
