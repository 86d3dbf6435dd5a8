import { z } from "zod";
import type { Diff, Log, ResourceCall } from "../../hermetic/protocol/provider";
import { plainObject, secret, UNKNOWN, type JsonObject } from "../../hermetic/protocol/values";
import { claimDirectory } from "../claim";
import { projectPath, type ResourceHandler } from "../handler";
import { checkAgainst, differs } from "../inputCheck";
import { mountSchema, timeoutOf } from "./connection";
import { ensureVault, knownVaultEndpoint, removeVault, stopVault, vaultTrouble, type VaultEndpoint } from "./embedded";
import { AUDIT_LOG } from "./layout";

const schema = z.strictObject({
  directory: z.string().min(1, "must be a directory, relative to the project"),
  kubeconfig: z.string().min(1, "must be the kubeconfig of the cluster whose ServiceAccounts log in"),
  reviewer: z.strictObject({ namespace: z.string().min(1), serviceAccount: z.string().min(1) }),
  kvMount: mountSchema,
  authMount: mountSchema,
});

/** The data directory is the Vault, and its mounts are made once: another one is another Vault. */
const REPLACING = ["directory", "kvMount", "authMount"];

/** `landingzone:embedded:Vault`: a Vault server on this machine, unsealed, audited and set up for one cluster. */
export function embeddedVaultHandler(log: Log): ResourceHandler {
  const ensure = async (call: ResourceCall & { timeout: number }, inputs: JsonObject): Promise<JsonObject> => {
    const values = schema.parse(plainObject(inputs));
    const endpoint = await ensureVault({
      directory: projectPath(values.directory),
      inputs: values,
      signal: call.signal,
      timeoutSeconds: timeoutOf(call),
      status: (message) => log.status(message, call.urn),
    });
    return { ...guarded(inputs), ...outputsOf(values.directory, endpoint) };
  };

  return {
    check({ newInputs }) {
      const { inputs, failures } = checkAgainst(schema, newInputs);
      return Promise.resolve({ inputs: guarded(inputs), failures });
    },

    async diff({ oldInputs, newInputs, state, urn }) {
      const changes: Diff["changes"] = {};
      for (const key of Object.keys(newInputs)) {
        if (!differs(oldInputs, newInputs, key)) continue;
        changes[key] = REPLACING.includes(key) ? "update-replace" : "update";
      }
      // A server that ended or sealed itself is an update, which starts and unseals it: same address, same keys.
      const trouble = await vaultTrouble(projectPath(directoryOf(state)));
      if (trouble !== undefined) {
        changes.address = "update";
        log.debug(`the local Vault needs an update: ${trouble}`, urn);
      }
      return { changes, deleteBeforeReplace: true };
    },

    async create(call) {
      if (call.preview) return { id: UNKNOWN, state: previewState(call.inputs) };
      const directory = projectPath(directoryOf(call.inputs));
      claimDirectory(directory, call.urn);
      try {
        return { id: directoryOf(call.inputs), state: await ensure(call, call.inputs) };
      } catch (error) {
        // Nobody will know of the process when the create is not tried again. Data and logs stay for the next try.
        await stopVault(directory);
        throw error;
      }
    },

    read({ id, inputs, state }) {
      if (Object.keys(state).length === 0) {
        throw new Error("A local Vault can't be imported: create it with `pulumi up`.");
      }
      const directory = directoryOf(state);
      const endpoint = knownVaultEndpoint(projectPath(directory));
      return Promise.resolve(endpoint && { id, inputs, state: { ...state, ...outputsOf(directory, endpoint) } });
    },

    // At preview: port, authority and token stay, so what depends on them need not change.
    update: (call) =>
      call.preview ? Promise.resolve({ ...call.state, ...guarded(call.newInputs) }) : ensure(call, call.newInputs),

    delete: ({ state }) => removeVault(projectPath(directoryOf(state))),
  };
}

function outputsOf(directory: string, { address, caBundle, token }: VaultEndpoint): JsonObject {
  return { address, caBundle, token: secret(token), auditLog: `${directory}/${AUDIT_LOG}` };
}

function previewState(inputs: JsonObject): JsonObject {
  const auditLog = typeof inputs.directory === "string" ? `${inputs.directory}/${AUDIT_LOG}` : UNKNOWN;
  return { ...guarded(inputs), address: UNKNOWN, caBundle: UNKNOWN, token: secret(UNKNOWN), auditLog };
}

/** The kubeconfig is secret, whatever the program said. */
function guarded(inputs: JsonObject): JsonObject {
  return inputs.kubeconfig === undefined ? inputs : { ...inputs, kubeconfig: secret(inputs.kubeconfig) };
}

function directoryOf(values: JsonObject): string {
  if (typeof values.directory === "string") return values.directory;
  throw new Error("The state of the local Vault does not say where its data directory is. Was it edited by hand?");
}
