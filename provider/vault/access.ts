import type { Diff, Log, ResourceCall } from "../../hermetic/protocol/provider";
import { plainObject, UNKNOWN, containsUnknown, type Json, type JsonObject } from "../../hermetic/protocol/values";
import type { ResourceHandler } from "../handler";
import { checkAgainst, differs } from "../inputCheck";
import { accessSchema, policyDocument, roleSettings, type Access, type RoleSettings } from "./accessDocuments";
import { VaultClient } from "./client";
import { reachFor } from "./reach";

/** Another role or mount is another role and policy; the old ones must go. */
const REPLACING = ["role", "authMount"];

/** `landingzone:vault:Access`: one role and one policy of the same name, see accessDocuments.ts. */
export function vaultAccessHandler(log: Log): ResourceHandler {
  const reach = reachFor(log);

  const ensure = async (call: ResourceCall & { timeout: number }, inputs: JsonObject): Promise<JsonObject> => {
    const access = accessSchema.parse(plainObject(inputs));
    const client = new VaultClient(access);
    // The policy first: a role must not refer, even for a moment, to a policy that somebody else may have left there.
    await reach(call, client, async () => {
      await client.write(`sys/policies/acl/${access.role}`, { policy: policyDocument(access) });
      await client.write(rolePath(access), roleSettings(access));
    });
    return { ...inputs, ...documents(access) };
  };

  return {
    check: ({ newInputs }) => Promise.resolve(checkAgainst(accessSchema, newInputs)),

    diff({ oldInputs, newInputs, state }) {
      const changes: Diff["changes"] = {};
      for (const key of Object.keys(newInputs)) {
        if (!differs(oldInputs, newInputs, key)) continue;
        changes[key] = REPLACING.includes(key) ? "update-replace" : "update";
      }
      if (containsUnknown(newInputs)) return Promise.resolve({ changes });
      // What a refresh found in Vault is in the state: whoever changed it there by hand sees it changed back.
      const wanted = documents(accessSchema.parse(plainObject(newInputs)));
      for (const key of ["policy", "settings"]) if (differs(state, wanted, key)) changes[key] = "update";
      return Promise.resolve({ changes });
    },

    async create(call) {
      if (call.preview) return { id: UNKNOWN, state: previewState(call.inputs) };
      const state = await ensure(call, call.inputs);
      return { id: accessSchema.parse(plainObject(call.inputs)).role, state };
    },

    async read(call) {
      if (Object.keys(call.state).length === 0) {
        throw new Error(
          "An access can't be imported: create it with `pulumi up`, which takes over a role of that name.",
        );
      }
      const access = accessSchema.parse(plainObject(call.inputs));
      const client = new VaultClient(access);
      const found = await reach(call, client, async () => ({
        policy: await client.read(`sys/policies/acl/${access.role}`),
        role: await client.read(rolePath(access)),
      }));
      if (!found.policy && !found.role) return undefined;
      const policy = (found.policy?.policy ?? "") as Json;
      const settings = onlyOurs(found.role ?? {}, roleSettings(access));
      return { id: call.id, inputs: call.inputs, state: { ...call.state, policy, settings } };
    },

    update: (call) => (call.preview ? Promise.resolve(previewState(call.newInputs)) : ensure(call, call.newInputs)),

    async delete(call) {
      const access = accessSchema.parse(plainObject(stateInputs(call)));
      const client = new VaultClient(access);
      await reach(call, client, async () => {
        await client.delete(rolePath(access));
        await client.delete(`sys/policies/acl/${access.role}`);
      });
    },
  };
}

function rolePath({ authMount, role }: Access): string {
  return `auth/${authMount}/role/${role}`;
}

function documents(access: Access): JsonObject {
  return { policy: policyDocument(access), settings: roleSettings(access) };
}

/** The state without what is not an input. */
function stateInputs({ state }: { state: JsonObject }): JsonObject {
  return Object.fromEntries(Object.entries(state).filter(([key]) => key in accessSchema.shape));
}

function previewState(inputs: JsonObject): JsonObject {
  const known = containsUnknown(inputs)
    ? { policy: UNKNOWN, settings: UNKNOWN }
    : documents(accessSchema.parse(plainObject(inputs)));
  return { ...inputs, ...known };
}

/** Vault answers with every field that a role can have; those that we set are ours to compare. */
function onlyOurs(found: Record<string, unknown>, wanted: RoleSettings): JsonObject {
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, (found[key] ?? null) as Json]));
}
