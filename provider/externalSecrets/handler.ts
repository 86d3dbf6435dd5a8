import { existsSync } from "node:fs";
import { z } from "zod";
import type { Diff, Log, ResourceCall } from "../../hermetic/protocol/provider";
import { plainObject, secret, UNKNOWN, type JsonObject } from "../../hermetic/protocol/values";
import { claimDirectory } from "../claim";
import { projectPath, type ResourceHandler } from "../handler";
import { checkAgainst, differs } from "../inputCheck";
import { timeoutOf } from "../vault/connection";
import { controllerTrouble, ensureController, removeController, stopController } from "./controller";

const schema = z.strictObject({
  directory: z.string().min(1, "must be a directory, relative to the project"),
  namespace: z.string().min(1, "must be the namespace to serve: without one, the controller would serve them all"),
  kubeconfig: z.string().min(1, "must be the kubeconfig of the cluster"),
  identity: z.strictObject({ namespace: z.string().min(1), serviceAccount: z.string().min(1) }),
});

/** `landingzone:embedded:ExternalSecrets`: the controller as a process on this machine, for one namespace. */
export function externalSecretsHandler(log: Log): ResourceHandler {
  const ensure = async (call: ResourceCall & { timeout: number }, inputs: JsonObject): Promise<JsonObject> => {
    const values = schema.parse(plainObject(inputs));
    await ensureController(projectPath(values.directory), values, {
      signal: call.signal,
      timeoutSeconds: timeoutOf(call),
      status: (message) => log.status(message, call.urn),
    });
    return guarded(inputs);
  };

  return {
    check({ newInputs }) {
      const { inputs, failures } = checkAgainst(schema, newInputs);
      return Promise.resolve({ inputs: guarded(inputs), failures });
    },

    diff({ oldInputs, newInputs, state, urn }) {
      const changes: Diff["changes"] = {};
      for (const key of Object.keys(newInputs)) {
        if (differs(oldInputs, newInputs, key)) changes[key] = key === "directory" ? "update-replace" : "update";
      }
      const trouble = controllerTrouble(projectPath(directoryOf(state)));
      if (trouble !== undefined) {
        changes.namespace ??= "update";
        log.debug(`the local External Secrets controller needs an update: ${trouble}`, urn);
      }
      return Promise.resolve({ changes, deleteBeforeReplace: true });
    },

    async create(call) {
      if (call.preview) return { id: UNKNOWN, state: guarded(call.inputs) };
      const directory = projectPath(directoryOf(call.inputs));
      claimDirectory(directory, call.urn);
      try {
        return { id: directoryOf(call.inputs), state: await ensure(call, call.inputs) };
      } catch (error) {
        await stopController(directory);
        throw error;
      }
    },

    read({ id, inputs, state }) {
      if (Object.keys(state).length === 0) {
        throw new Error("A local External Secrets controller can't be imported: create it with `pulumi up`.");
      }
      const found = existsSync(projectPath(directoryOf(state)));
      return Promise.resolve(found ? { id, inputs, state } : undefined);
    },

    update: (call) => (call.preview ? Promise.resolve(guarded(call.newInputs)) : ensure(call, call.newInputs)),

    delete: ({ state }) => removeController(projectPath(directoryOf(state))),
  };
}

/** The kubeconfig is secret, whatever the program said. */
function guarded(inputs: JsonObject): JsonObject {
  return inputs.kubeconfig === undefined ? inputs : { ...inputs, kubeconfig: secret(inputs.kubeconfig) };
}

function directoryOf(values: JsonObject): string {
  if (typeof values.directory === "string") return values.directory;
  throw new Error("The state of the External Secrets controller has no data directory. Was it edited by hand?");
}
