import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";

const KUBE_VERSION = "v1.36.3";
const PROGRAMS = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok-controller", "etcd"] as const;

/**
 * A real control plane (etcd, kube-apiserver, controller-manager, scheduler) with one simulated node, for one test
 * file. Its programs come from PATH; without them `start` fails.
 */
export class KwokCluster {
  private constructor(
    readonly name: string,
    readonly kubeconfigFile: string,
    readonly kubeconfig: string,
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async start(): Promise<KwokCluster> {
    const folder = await mkdtemp(path.join(tmpdir(), "kwok-test-"));
    const name = path.basename(folder).toLowerCase();
    const kubeconfigFile = path.join(folder, "kubeconfig");
    const env = { ...process.env, KWOK_KUBE_VERSION: KUBE_VERSION, KWOK_WORKDIR: path.join(folder, "work") };
    const binaries = await Promise.all(PROGRAMS.map(binaryOption));
    const cluster = new KwokCluster(name, kubeconfigFile, "", folder, env);
    try {
      await cluster.kwokctl([
        "create",
        "cluster",
        "--runtime",
        "binary",
        ...binaries.flat(),
        "--kubeconfig",
        kubeconfigFile,
        "--wait",
        "60s",
        "--secure-port",
      ]);
      await cluster.kwokctl(["scale", "node", "--replicas", "1"]);
      return new KwokCluster(name, kubeconfigFile, await readFile(kubeconfigFile, "utf8"), folder, env);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Stops the API server only; `resume` starts it again. */
  pause(): Promise<unknown> {
    return this.kwokctl(["stop", "cluster"]);
  }

  resume(): Promise<unknown> {
    return this.kwokctl(["start", "cluster", "--wait", "60s"]);
  }

  async stop(): Promise<void> {
    await execa("kwokctl", ["--name", this.name, "delete", "cluster"], { env: this.env, reject: false });
    await rm(this.folder, { recursive: true, force: true });
  }

  private kwokctl(args: string[]): Promise<unknown> {
    return execa("kwokctl", ["--name", this.name, ...args], { env: this.env });
  }
}

async function binaryOption(program: string): Promise<string[]> {
  const executable = program === "kwok-controller" ? "kwok" : program;
  const found = await execa("which", [executable], { reject: false });
  if (found.exitCode !== 0)
    throw new Error(`${executable} is not on PATH: run this test through \`npm test\`, which gets it`);
  return [`--${program}-binary`, found.stdout.trim()];
}
