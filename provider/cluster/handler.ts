import type { Diff, Log, ResourceCall } from "../../hermetic/protocol/provider";
import { containsUnknown, secret, UNKNOWN, type JsonObject } from "../../hermetic/protocol/values";
import { claimDirectory } from "../claim";
import { projectPath, type ResourceHandler } from "../handler";
import {
  ensureCluster,
  isComplete,
  knownEndpoint,
  removeCluster,
  stopCluster,
  unhealthyParts,
  type Endpoint,
} from "./cluster";
import { checkInputs, readInputs, type ClusterInputs } from "./inputs";
import { AUDIT_LOG, STARTING_ANEW } from "./layout";
import { nodeNames } from "./objects";

const DEFAULT_TIMEOUT_SECONDS = 120;
/** The data directory is the cluster: another one is another cluster. */
const REPLACING = ["name", "directory"];

/** `landingzone:embedded:Cluster`: a Kubernetes control plane of processes on this machine, with simulated nodes. */
export function clusterHandler(log: Log): ResourceHandler {
  const ensure = (call: ResourceCall & { timeout: number }, inputs: ClusterInputs): Promise<Endpoint> =>
    ensureCluster({
      directory: projectPath(inputs.directory),
      inputs,
      signal: call.signal,
      timeoutSeconds: call.timeout || DEFAULT_TIMEOUT_SECONDS,
      status: (message) => log.status(message, call.urn),
    });
  return {
    check: ({ newInputs }) => Promise.resolve(checkInputs(newInputs)),

    async diff({ oldInputs, newInputs, state }) {
      const changes: Diff["changes"] = {};
      for (const key of new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])) {
        if (JSON.stringify(sorted(oldInputs[key])) === JSON.stringify(sorted(newInputs[key]))) continue;
        changes[key] = REPLACING.includes(key) ? "update-replace" : "update";
      }
      if (Object.values(changes).includes("update-replace")) return { changes, deleteBeforeReplace: true };
      const directory = projectPath(directoryOf(state));
      // A new, empty cluster in its place would leave every object on it in the state only.
      if (!isComplete(directory))
        throw new Error(`The data of the embedded cluster in ${directory} are gone. ${STARTING_ANEW}`);
      // Dead processes are an update, which restarts them with the same ports, keys and data.
      if ((await unhealthyParts(directory)).length > 0) changes.server = "update";
      return { changes };
    },

    async create(call) {
      if (call.preview) return { id: UNKNOWN, state: previewState(call.inputs) };
      const inputs = readInputs(call.inputs);
      const directory = projectPath(inputs.directory);
      claimDirectory(directory, call.urn);
      try {
        return { id: inputs.name, state: stateOf(inputs, await ensure(call, inputs)) };
      } catch (error) {
        // Nobody will know of these processes when the create is not tried again. The logs stay for a look.
        await stopCluster(directory, 2);
        throw error;
      }
    },

    read({ id, inputs, state }) {
      if (Object.keys(state).length === 0)
        throw new Error("An embedded cluster can't be imported: create it with `pulumi up`.");
      const directory = directoryOf(state);
      const endpoint = knownEndpoint(projectPath(directory), id);
      return Promise.resolve(endpoint && { id, inputs, state: { ...state, ...outputsOf(directory, endpoint) } });
    },

    async update(call) {
      // Ports, keys and certificates stay, so what is known stays known to those who depend on it.
      if (call.preview) return { ...call.state, ...nodesOf(call.newInputs) };
      const inputs = readInputs(call.newInputs);
      return stateOf(inputs, await ensure(call, inputs));
    },

    delete: ({ state }) => removeCluster(projectPath(directoryOf(state))),
  };
}

function stateOf(inputs: ClusterInputs, endpoint: Endpoint): JsonObject {
  const given = inputs as unknown as JsonObject;
  return { ...given, ...outputsOf(inputs.directory, endpoint), nodeNames: nodeNames(inputs) };
}

function outputsOf(directory: string, { server, kubeconfig, certificateAuthority }: Endpoint): JsonObject {
  return { server, certificateAuthority, kubeconfig: secret(kubeconfig), auditLog: `${directory}/${AUDIT_LOG}` };
}

function previewState(inputs: JsonObject): JsonObject {
  const unknown = { server: UNKNOWN, certificateAuthority: UNKNOWN, kubeconfig: secret(UNKNOWN) };
  const auditLog = typeof inputs.directory === "string" ? `${inputs.directory}/${AUDIT_LOG}` : UNKNOWN;
  return { ...inputs, ...unknown, auditLog, ...nodesOf(inputs) };
}

function nodesOf(inputs: JsonObject): JsonObject {
  return { nodeNames: containsUnknown(inputs) ? UNKNOWN : nodeNames(readInputs(inputs)) };
}

function directoryOf(state: JsonObject): string {
  if (typeof state.directory === "string") return state.directory;
  throw new Error("The state of the embedded cluster does not say where its data directory is. Was it edited by hand?");
}

/** With keys in order: the same object, written in another order, is no change. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
