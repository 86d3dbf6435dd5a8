import manifest from "@pulumi/random/package.json";
import type { Provider } from "../protocol/provider";
import { secret, UNKNOWN, type JsonObject } from "../protocol/values";
import { changes, failures, withDefaults } from "./inputs";
import type { RandomKind } from "./kind";
import { KINDS } from "./kinds";

/** Random values out of node:crypto, kept in the state: the part of @pulumi/random that needs nothing but a random source. */
export const randomProvider: Provider = {
  name: "random",
  version: manifest.version,

  configure: () => Promise.resolve(),

  check: ({ type, newInputs }) => run(() => ({ inputs: newInputs, failures: failures(kindOf(type), newInputs) })),

  diff: ({ type, oldInputs, newInputs }) => run(() => ({ changes: changes(kindOf(type), oldInputs, newInputs) })),

  create: ({ type, inputs, preview }) =>
    run(() => {
      const kind = kindOf(type);
      if (preview) {
        const unknowns = Object.fromEntries(kind.outputs.map((output) => [output, UNKNOWN]));
        return { id: "", state: stateOf(kind, inputs, unknowns) };
      }
      const { id, outputs } = kind.generate(withDefaults(kind, inputs));
      return { id, state: stateOf(kind, inputs, outputs) };
    }),

  /** The state is all there is of a random value; only an import brings something new. */
  read: ({ type, id, inputs, state }) =>
    run(() => {
      const kind = kindOf(type);
      if (Object.keys(state).length > 0) return { id, inputs, state };
      if (!kind.adopt) throw new Error(`${type} can't be imported by the hermetic random plugin.`);
      const adopted = kind.adopt(id);
      return { id: adopted.id, inputs: adopted.inputs, state: stateOf(kind, adopted.inputs, adopted.outputs) };
    }),

  /** Never asked for, since every change is a replacement. */
  update: ({ newInputs, state }) => run(() => ({ ...state, ...newInputs })),

  delete: () => Promise.resolve(),
};

/** Inputs as given, defaults for the others, and what was made of them. */
function stateOf(kind: RandomKind, inputs: JsonObject, outputs: JsonObject): JsonObject {
  const made = Object.entries(outputs).map(([key, value]) => [key, kind.secret ? secret(value) : value]);
  return { ...withDefaults(kind, inputs), ...inputs, ...(Object.fromEntries(made) as JsonObject) };
}

function kindOf(type: string): RandomKind {
  const kind = KINDS[type];
  if (kind) return kind;
  throw new Error(
    `The hermetic random plugin does not make ${type}. It makes: ${Object.keys(KINDS).join(", ")}. ` +
      `The official plugin makes all: pulumi plugin install resource random ${manifest.version}`,
  );
}

/** What throws in `work` becomes the rejection that the protocol expects. */
function run<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
