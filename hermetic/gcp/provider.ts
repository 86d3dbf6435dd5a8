import manifest from "@pulumi/gcp/package.json";
import type { CheckCall, Provider } from "../protocol/provider";
import { plainObject, type JsonObject } from "../protocol/values";
import { structuralDiff } from "./diff";
import { rulesFor } from "./replacements";

const INSTALL = `Install the official plugin with a Google Cloud account at hand: pulumi plugin install resource gcp ${manifest.version}`;

/** Previews Google Cloud resources without an account, and touches nothing. */
export function gcpProvider(): Provider {
  let project: string | undefined;
  return {
    name: "gcp",
    version: manifest.version,

    configure: (inputs) =>
      run(() => {
        const configured = plainObject(inputs).project;
        project = typeof configured === "string" ? configured : undefined;
      }),

    check: (call) => run(() => ({ inputs: withName(call), failures: [] })),

    diff: ({ type, oldInputs, newInputs }) =>
      run(() => ({ changes: structuralDiff(oldInputs, newInputs, rulesFor(type).replaceOn) })),

    // What is not in the state of a preview is unknown to the program: no output is invented here.
    create: ({ type, name, inputs, preview }) =>
      run(() => {
        if (!preview) throw refusal("create", type, name);
        return { id: "", state: { ...(project === undefined ? {} : { project }), ...inputs } };
      }),

    update: ({ type, name, state, newInputs, preview }) =>
      run(() => {
        if (!preview) throw refusal("update", type, name);
        return { ...state, ...newInputs };
      }),

    read: ({ type, name }) => run(() => never(refusal("read", type, name))),

    delete: ({ type, name }) => run(() => never(refusal("delete", type, name))),

    invoke: (token) =>
      run(() =>
        never(
          new Error(
            `${token} asks Google Cloud, which the hermetic gcp plugin never does. Give the value in the stack's ` +
              `config instead, or: ${INSTALL}`,
          ),
        ),
      ),
  };
}

function refusal(operation: string, type: string, name: string): Error {
  return new Error(
    `can't ${operation} ${type} "${name}": this is the hermetic gcp plugin, which only previews. ${INSTALL}. ` +
      "The engine prefers a plugin on PATH: take this one off it.",
  );
}

/** Seven random hexadecimal digits after the resource's name, and the same ones again next time. */
function withName({ type, name, newInputs, oldInputs, randomSeed }: CheckCall): JsonObject {
  if (!rulesFor(type).autoName || newInputs.name !== undefined) return newInputs;
  const suffix = Buffer.from(randomSeed).toString("hex").slice(0, 7);
  return { ...newInputs, name: oldInputs.name ?? (suffix === "" ? name : `${name}-${suffix}`) };
}

function never(error: Error): never {
  throw error;
}

/** What throws in `work` becomes the rejection that the protocol expects. */
function run<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
