import { join } from "node:path";
import { readJsonIfAny, removeDirectory, writePrivateFile, writePrivateJson } from "../files";
import { choosePorts, replaceTakenPorts } from "../ports";
import { findDaemon, findProgram, logFile, logTailText, startDaemon, stopDaemon, stopLeftovers } from "../processes";
import { clusterAccess, requestToken, type ServiceAccountName } from "../serviceAccountToken";
import type { ReachOptions } from "../vault/reach";
import { waitUntilReady } from "../waiting";

const PROGRAM = "external-secrets";
const PORTS = ["metrics", "live"] as const;
const LOOPBACK = "127.0.0.1";

export interface ControllerInputs {
  /** Namespace that is served. */
  namespace: string;
  kubeconfig: string;
  /** As whom the controller works. */
  identity: ServiceAccountName;
}

interface IdentityFile {
  renewAt: number;
  server: string;
}

/** Runs the controller for one namespace, with an identity of its own; starts it when it does not run. */
export async function ensureController(
  directory: string,
  inputs: ControllerInputs,
  options: ReachOptions,
): Promise<void> {
  const program = findProgram(PROGRAM);
  await stopLeftovers(directory, [PROGRAM]);
  if (!findDaemon(directory, PROGRAM)) await replaceTakenPorts(portsFile(directory), PORTS);
  const ports = await choosePorts(portsFile(directory), PORTS);
  const kubeconfig = await ensureIdentity(directory, inputs);

  options.status("starting external-secrets");
  await startDaemon({
    name: PROGRAM,
    directory,
    program,
    args: controllerArguments(directory, inputs.namespace, ports),
    env: { KUBECONFIG: kubeconfig },
    // Not the token: the client library reads that again by itself.
    files: [kubeconfig],
    graceSeconds: 3,
  });
  await waitUntilReady(`http://${LOOPBACK}:${ports.live}/healthz`, {
    what: PROGRAM,
    signal: options.signal,
    timeoutSeconds: options.timeoutSeconds,
    onWait: (seconds, reason) => options.status(`waiting for external-secrets (${seconds} s): ${reason}`),
    hopeless: () =>
      findDaemon(directory, PROGRAM)
        ? undefined
        : `external-secrets ended instead of getting ready.${logTailText(logFile(directory, PROGRAM))}`,
  });
}

/** What External Secrets' own security guide recommends: one namespace, nothing that reaches across namespaces. */
function controllerArguments(
  directory: string,
  namespace: string,
  ports: Readonly<Record<(typeof PORTS)[number], number>>,
): string[] {
  const flags: Record<string, string | number | boolean> = {
    namespace,
    "metrics-addr": `${LOOPBACK}:${ports.metrics}`,
    "live-addr": `${LOOPBACK}:${ports.live}`,
    // The only one in its namespace.
    "enable-leader-election": false,
    "enable-cluster-store-reconciler": false,
    "enable-cluster-external-secret-reconciler": false,
    "enable-cluster-push-secret-reconciler": false,
    "enable-push-secret-reconciler": false,
    "enable-generator-state": false,
    // Not used without TLS on the metrics, but seen in the list of processes: it tells whose process this is.
    "metrics-cert-dir": join(directory, "metrics"),
    loglevel: "info",
    "zap-time-encoding": "rfc3339",
  };
  return Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
}

/** A kubeconfig that names the token's file instead of holding it, so that a renewed token needs no restart. */
async function ensureIdentity(directory: string, { kubeconfig, identity }: ControllerInputs): Promise<string> {
  const access = clusterAccess(kubeconfig);
  const known = readJsonIfAny<IdentityFile>(identityFile(directory));
  const path = join(directory, "kubeconfig.json");
  const tokenFile = join(directory, "token");
  if (known?.server !== access.server || Date.now() > known.renewAt) {
    const { token, renewAt } = await requestToken(access, identity);
    writePrivateFile(tokenFile, token);
    writePrivateJson(identityFile(directory), { renewAt, server: access.server } satisfies IdentityFile);
  }
  const certificate = Buffer.from(access.certificateAuthority).toString("base64");
  writePrivateJson(path, {
    apiVersion: "v1",
    kind: "Config",
    "current-context": PROGRAM,
    contexts: [{ name: PROGRAM, context: { cluster: PROGRAM, user: PROGRAM } }],
    clusters: [{ name: PROGRAM, cluster: { server: access.server, "certificate-authority-data": certificate } }],
    users: [{ name: PROGRAM, user: { tokenFile } }],
  });
  return path;
}

/** Why the controller needs an update, or `undefined` when all is well. */
export function controllerTrouble(directory: string): string | undefined {
  const identity = readJsonIfAny<IdentityFile>(identityFile(directory));
  if (!identity) return "its set-up is not complete";
  if (!findDaemon(directory, PROGRAM)) return "it does not run";
  return Date.now() > identity.renewAt ? "its token is to be renewed" : undefined;
}

export async function stopController(directory: string): Promise<void> {
  await stopDaemon(directory, PROGRAM, 3);
  await stopLeftovers(directory, [PROGRAM]);
}

export async function removeController(directory: string): Promise<void> {
  await stopController(directory);
  removeDirectory(directory);
}

const portsFile = (directory: string): string => join(directory, "ports.json");
const identityFile = (directory: string): string => join(directory, "identity.json");
