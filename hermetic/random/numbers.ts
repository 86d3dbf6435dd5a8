import type { Json, JsonObject } from "../protocol/values";
import { LARGEST_RANGE, randomBetween, shuffled } from "./generate";
import { KEEPERS, type RandomKind } from "./kind";

export const randomIntegerKind: RandomKind = {
  inputs: {
    ...KEEPERS,
    min: { type: "integer", required: true },
    max: { type: "integer", required: true },
    seed: { type: "string" },
  },
  outputs: ["result"],
  secret: false,
  check: (inputs) => {
    const [min, max] = [Number(inputs.min), Number(inputs.max)];
    if (min > max) return { property: "min", reason: `is ${String(min)}, which is more than max, ${String(max)}` };
    if (max - min >= LARGEST_RANGE) {
      return { property: "max", reason: `is more than ${String(LARGEST_RANGE)} away from min: choose a smaller range` };
    }
    return noSeed(inputs);
  },
  generate: (inputs) => {
    const result = randomBetween(Number(inputs.min), Number(inputs.max));
    return { id: String(result), outputs: { result } };
  },
};

export const randomShuffleKind: RandomKind = {
  inputs: {
    ...KEEPERS,
    inputs: { type: "strings", required: true },
    resultCount: { type: "integer", minimum: 0 },
    seed: { type: "string" },
  },
  outputs: ["results"],
  secret: false,
  check: noSeed,
  generate: (inputs) => {
    const items = inputs.inputs as Json[];
    const count = typeof inputs.resultCount === "number" ? inputs.resultCount : items.length;
    const results: Json[] = [];
    // More results than items: whole rounds, so that no item comes more often than another by more than one.
    while (items.length > 0 && results.length < count) results.push(...shuffled(items));
    return { id: "-", outputs: { results: results.slice(0, count) } };
  },
};

/** A seed promises the values that the official plugin makes of it, and those come from a generator of its own. */
function noSeed(inputs: JsonObject): { property: string; reason: string } | undefined {
  if (inputs.seed === undefined) return undefined;
  return {
    property: "seed",
    reason: "is not supported by the hermetic random plugin: remove it, or install the official plugin",
  };
}
