import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readFileIfAny, readJsonIfAny, removeDirectory } from "../files";
import { findDaemon, stopDaemon, stopLeftovers } from "../processes";
import type { TlsFiles } from "../waiting";
import { Api } from "./api";
import { daemons, PROGRAMS, type Program } from "./daemons";
import { finishEncryption, rewriteAll } from "./encryption";
import type { ClusterInputs } from "./inputs";
import { kubeconfig } from "./kubeconfig";
import { layoutOf, type Layout, type Ports } from "./layout";
import { applyNodes, baseObjects, everythingReady } from "./objects";
import { ensurePki } from "./pki";
import { checkVersion, findPrograms, usablePorts, writeConfiguration } from "./setup";
import { PortTaken, starter } from "./start";

export interface EnsureOptions {
  /** Absolute data directory. */
  directory: string;
  inputs: ClusterInputs;
  signal: AbortSignal;
  timeoutSeconds: number;
  /** Status line for the person at the terminal. */
  status: (message: string) => void;
}

/** What a running cluster is reached by. */
export interface Endpoint {
  server: string;
  kubeconfig: string;
  certificateAuthority: string;
}

const PORT_ATTEMPTS = 3;

/**
 * Brings the cluster to what the inputs say, from any state: nothing there, half created, some processes dead, other
 * settings, or all well. Each step leaves alone what is right already, so that it can be interrupted and done again.
 */
export async function ensureCluster(options: EnsureOptions): Promise<Endpoint> {
  const programs = findPrograms();
  await checkVersion(programs, options.inputs.kubernetesVersion);
  const layout = layoutOf(options.directory);
  await stopLeftovers(layout.directory, PROGRAMS);
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(layout, await usablePorts(layout), programs, options);
    } catch (error) {
      // Free when it was chosen, taken when the program bound it: choose again.
      if (!(error instanceof PortTaken) || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function run(
  layout: Layout,
  ports: Ports,
  programs: Record<Program, string>,
  options: EnsureOptions,
): Promise<Endpoint> {
  const { inputs, status } = options;
  const server = `https://127.0.0.1:${ports.apiServer}`;
  status("certificates and configuration");
  await ensurePki(layout.pki);
  const { rewrite } = writeConfiguration(layout, inputs, server);
  const api = new Api(server, client(layout, "ca", "user-admin"));
  const start = starter(daemons(layout, ports, inputs.kubernetesVersion, programs), options);

  await start("etcd", `https://127.0.0.1:${ports.etcd}/health`, client(layout, "etcd-ca", "etcd-client"));
  await start("kube-apiserver", () => api.isReady());
  for (const [path, object] of baseObjects()) await api.apply(path, object);
  await applyNodes(api, inputs);
  await Promise.all([
    start("kube-controller-manager", `https://127.0.0.1:${ports.controllerManager}/healthz`, authority(layout)),
    start("kube-scheduler", `https://127.0.0.1:${ports.scheduler}/readyz`, authority(layout)),
    start("kwok", `http://127.0.0.1:${ports.kwok}/healthz`),
  ]);
  if (rewrite.length > 0) {
    status(`encrypting ${rewrite.join(", ")} anew`);
    for (const resource of rewrite) await rewriteAll(api, resource);
    finishEncryption(layout, rewrite);
    await start("kube-apiserver", () => api.isReady());
  }
  await everythingReady(api, inputs, options);
  return endpoint(layout, inputs.name, server);
}

/** Stops everything and removes the data directory. */
export async function removeCluster(directory: string): Promise<void> {
  await stopCluster(directory, 1);
  removeDirectory(directory);
}

/** Stops what runs, clients before servers; etcd last, so that it can write out. The data stay. */
export async function stopCluster(directory: string, graceSeconds = 10): Promise<void> {
  const [etcd, apiServer, ...clients] = PROGRAMS;
  await Promise.all(clients.map((name) => stopDaemon(directory, name, graceSeconds)));
  await stopDaemon(directory, apiServer, graceSeconds);
  await stopDaemon(directory, etcd, graceSeconds);
  await stopLeftovers(directory, PROGRAMS);
}

/** Programs that should run and don't; `kube-apiserver` also when it runs but is not ready. */
export async function unhealthyParts(directory: string): Promise<Program[]> {
  const dead = PROGRAMS.filter((name) => findDaemon(directory, name) === undefined);
  if (dead.length > 0) return dead;
  const layout = layoutOf(directory);
  const ports = readJsonIfAny<Ports>(layout.ports);
  if (!ports) return [...PROGRAMS];
  const api = new Api(`https://127.0.0.1:${ports.apiServer}`, client(layout, "ca", "user-admin"));
  return (await api.isReady().catch(() => false)) ? [] : ["kube-apiserver"];
}

/** True when everything is there that can't be made again without losing what is on the cluster. */
export function isComplete(directory: string): boolean {
  const { ports, encryptionKeys, etcdData, pki } = layoutOf(directory);
  return [ports, encryptionKeys, join(etcdData, "member"), join(pki, "ca.crt"), join(pki, "user-admin.crt")].every(
    existsSync,
  );
}

/** What is known of a cluster without asking it, or `undefined` when its directory is gone or incomplete. */
export function knownEndpoint(directory: string, name: string): Endpoint | undefined {
  const layout = layoutOf(directory);
  const ports = readJsonIfAny<Ports>(layout.ports);
  if (!ports || !isComplete(directory)) return undefined;
  return endpoint(layout, name, `https://127.0.0.1:${ports.apiServer}`);
}

function endpoint(layout: Layout, name: string, server: string): Endpoint {
  return {
    server,
    kubeconfig: kubeconfig(name, server, layout.pki, "admin"),
    certificateAuthority: readFileSync(join(layout.pki, "ca.crt")).toString("base64"),
  };
}

function authority(layout: Layout): TlsFiles {
  return { ca: readFileSync(join(layout.pki, "ca.crt"), "utf8") };
}

function client({ pki }: Layout, ca: string, name: string): TlsFiles {
  const read = (file: string): string => readFileIfAny(join(pki, file)) ?? "";
  return { ca: read(`${ca}.crt`), cert: read(`${name}.crt`), key: read(`${name}.key`) };
}
