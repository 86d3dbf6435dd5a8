import type { JsonObject } from "../protocol/values";
import { randomCharacters, type CharacterClass } from "./generate";
import { KEEPERS, type RandomKind } from "./kind";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const NUMERIC = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";
/** Official passwords have this id, for an id is not secret. */
const NO_ID = "none";

const TEXT = {
  inputs: {
    ...KEEPERS,
    length: { type: "integer", required: true, minimum: 1 },
    lower: { type: "boolean", default: true },
    upper: { type: "boolean", default: true },
    numeric: { type: "boolean", default: true },
    number: { type: "boolean" },
    special: { type: "boolean", default: true },
    minLower: { type: "integer", default: 0, minimum: 0 },
    minUpper: { type: "integer", default: 0, minimum: 0 },
    minNumeric: { type: "integer", default: 0, minimum: 0 },
    minSpecial: { type: "integer", default: 0, minimum: 0 },
    overrideSpecial: { type: "string" },
  },
  check: contradiction,
} as const satisfies Partial<RandomKind>;

export const randomPasswordKind: RandomKind = {
  ...TEXT,
  outputs: ["result", "bcryptHash"],
  secret: true,
  // No bcryptHash: node has no bcrypt, and a hash that nobody asked for is one more thing to leak.
  generate: (inputs) => ({ id: NO_ID, outputs: { result: randomCharacters(Number(inputs.length), classes(inputs)) } }),
  adopt: (id) => ({ id: NO_ID, inputs: { length: Array.from(id).length }, outputs: { result: id } }),
};

export const randomStringKind: RandomKind = {
  ...TEXT,
  outputs: ["result"],
  secret: false,
  generate: (inputs) => {
    const result = randomCharacters(Number(inputs.length), classes(inputs));
    return { id: result, outputs: { result } };
  },
  adopt: (id) => ({ id, inputs: { length: Array.from(id).length }, outputs: { result: id } }),
};

function classes(inputs: JsonObject): CharacterClass[] {
  const numeric = inputs.number ?? inputs.numeric; // `number` is the older name
  const special = typeof inputs.overrideSpecial === "string" ? inputs.overrideSpecial : SPECIAL;
  const candidates: [unknown, string, unknown][] = [
    [inputs.lower, LOWER, inputs.minLower],
    [inputs.upper, LOWER.toUpperCase(), inputs.minUpper],
    [numeric, NUMERIC, inputs.minNumeric],
    [inputs.special, special, inputs.minSpecial],
  ];
  return candidates
    .filter(([wanted, characters, minimum]) => (wanted === true && characters !== "") || Number(minimum) > 0)
    .map(([, characters, minimum]) => ({ characters, minimum: Number(minimum) }));
}

function contradiction(inputs: JsonObject): { property: string; reason: string } | undefined {
  const chosen = classes(inputs);
  if (chosen.length === 0) {
    return {
      property: "length",
      reason: "no characters to choose from: set one of lower, upper, numeric, special to true",
    };
  }
  if (chosen.some(({ characters }) => characters === "")) {
    return {
      property: "overrideSpecial",
      reason: `is empty, but minSpecial asks for ${String(Number(inputs.minSpecial))} special characters`,
    };
  }
  const least = chosen.reduce((sum, { minimum }) => sum + minimum, 0);
  if (Number(inputs.length) >= least) return undefined;
  return {
    property: "length",
    reason:
      `is ${String(Number(inputs.length))}, but minLower + minUpper + minNumeric + minSpecial ask for ${String(least)} characters: ` +
      `set length to at least ${String(least)}`,
  };
}
