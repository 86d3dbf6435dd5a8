import { z } from "zod";
import type { Diff, Log, ResourceCall } from "../../hermetic/protocol/provider";
import { plainObject, secret, UNKNOWN, type JsonObject } from "../../hermetic/protocol/values";
import type { ResourceHandler } from "../handler";
import { checkAgainst, differs } from "../inputCheck";
import { VaultClient } from "./client";
import { connectionSchema, mountSchema, pathPattern } from "./connection";
import { reachFor } from "./reach";

const schema = z.strictObject({
  ...connectionSchema,
  mount: mountSchema,
  path: z.string().regex(pathPattern, 'must be a path below the mount, for instance "fi-fhir/database"'),
  data: z
    .record(z.string(), z.string())
    .refine((data) => Object.keys(data).length > 0, "must have at least one property"),
});
type SecretInputs = z.output<typeof schema>;

/** Another path is another secret; the old one must go. */
const REPLACING = ["mount", "path"];

/** `landingzone:vault:Secret`: a value of a KV v2 engine. Its clear text is in memory and in Vault, nowhere else. */
export function vaultSecretHandler(log: Log): ResourceHandler {
  const reach = reachFor(log);

  /** Writes a new version unless Vault has this one already: doing it twice leaves no trace. */
  const ensure = async (call: ResourceCall & { timeout: number }, inputs: JsonObject): Promise<JsonObject> => {
    const wanted = schema.parse(plainObject(inputs));
    const client = new VaultClient(wanted);
    const version = await reach(call, client, async () => {
      const known = await current(client, wanted);
      if (known && !differs({ data: known.data }, { data: wanted.data }, "data")) return known.version;
      const answer = await client.write(valuePath(wanted), { data: wanted.data });
      return Number(answer.data?.version);
    });
    return { ...sealed(inputs), version };
  };

  return {
    check({ newInputs }) {
      const { inputs, failures } = checkAgainst(schema, newInputs);
      return Promise.resolve({ inputs: sealed(inputs), failures });
    },

    diff({ oldInputs, newInputs, state }) {
      const changes: Diff["changes"] = {};
      for (const key of Object.keys(newInputs)) {
        // The data are compared with what Vault had when it was last looked at, so that a change by hand shows.
        if (!differs(key === "data" ? state : oldInputs, newInputs, key)) continue;
        changes[key] = REPLACING.includes(key) ? "update-replace" : "update";
      }
      return Promise.resolve({ changes });
    },

    async create(call) {
      if (call.preview) return { id: UNKNOWN, state: { ...sealed(call.inputs), version: UNKNOWN } };
      const state = await ensure(call, call.inputs);
      const { mount, path } = schema.parse(plainObject(call.inputs));
      return { id: `${mount}/${path}`, state };
    },

    async read(call) {
      if (Object.keys(call.state).length === 0) {
        throw new Error(
          "A secret of Vault can't be imported: its address and token are not in an id. Create it with `pulumi up`.",
        );
      }
      const wanted = schema.parse(plainObject(call.inputs));
      const client = new VaultClient(wanted);
      const known = await reach(call, client, () => current(client, wanted));
      if (!known) return undefined;
      return {
        id: call.id,
        inputs: call.inputs,
        state: { ...call.state, data: secret(known.data), version: known.version },
      };
    },

    update: (call) =>
      call.preview ? Promise.resolve({ ...sealed(call.newInputs), version: UNKNOWN }) : ensure(call, call.newInputs),

    async delete(call) {
      const { version: _, ...inputs } = plainObject(call.state);
      const gone = schema.parse(inputs);
      const client = new VaultClient(gone);
      // The metadata: all versions go, not only the last.
      await reach(call, client, () => client.delete(`${gone.mount}/metadata/${gone.path}`));
    },
  };
}

function valuePath({ mount, path }: SecretInputs): string {
  return `${mount}/data/${path}`;
}

/** `undefined` when there is no value, or its last version was deleted. */
async function current(
  client: VaultClient,
  inputs: SecretInputs,
): Promise<{ data: JsonObject; version: number } | undefined> {
  const answer = versionSchema.safeParse(await client.read(valuePath(inputs)));
  return answer.success ? { data: answer.data.data, version: answer.data.metadata.version } : undefined;
}

const versionSchema = z.object({
  data: z.record(z.string(), z.json()).transform((data) => data as JsonObject),
  metadata: z.object({ version: z.number() }),
});

/** Marks what is secret, whatever the program said. */
function sealed(inputs: JsonObject): JsonObject {
  const marked = { ...inputs };
  for (const key of ["token", "data"]) if (marked[key] !== undefined) marked[key] = secret(marked[key]);
  return marked;
}
