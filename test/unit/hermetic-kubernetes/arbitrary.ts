import fc from "fast-check";
import { secret, type Json, type JsonObject } from "../../../hermetic/protocol/values";

const key = fc.stringMatching(/^[a-z][a-zA-Z]{0,6}$/);
// `__proto__` and its like are no keys of a Kubernetes object.
const leaf: fc.Arbitrary<Json> = fc.oneof(fc.string(), fc.integer(), fc.boolean());

/** Any object that a program may give, without nulls. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

export const object: fc.Arbitrary<JsonObject> = fc.dictionary(key, json, { maxKeys: 5, noNullPrototype: true });

/** The same value with some of its leaves marked as secret. */
export function withSecrets(value: Json, pick: (leaf: Json) => boolean): Json {
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, pick));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withSecrets(item, pick)]));
  }
  return pick(value) ? secret(value) : value;
}
