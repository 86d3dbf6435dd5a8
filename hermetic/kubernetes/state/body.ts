import { isObject, plainObject, type Json, type JsonObject } from "../../protocol/values";
import { at, record, without, withValue } from "../objects";
import type { ObjectRef } from "../identity";
import { withStringDataMerged } from "./secretObject";

/** Annotations that speak to this plugin. On an object that somebody else owns they would only be litter. */
const INSTRUCTIONS = [
  "pulumi.com/deletionPropagationPolicy",
  "pulumi.com/patchFieldManager",
  "pulumi.com/patchForce",
  "pulumi.com/skipAwait",
  "pulumi.com/timeoutSeconds",
  "pulumi.com/waitFor",
];

/** The object to apply: inputs without markers and nulls, with its full identity. */
export function applyBody(inputs: JsonObject, { apiVersion, kind, namespace, name }: ObjectRef): JsonObject {
  const given = record(withoutNulls(plainObject(inputs)));
  const metadata = { ...without(record(given, "metadata"), "namespace"), name };
  return withStringDataMerged({
    ...given,
    apiVersion,
    kind,
    metadata: namespace === undefined ? metadata : { ...metadata, namespace },
  });
}

/** The fields that a `*Patch` resource sets on somebody else's object. */
export function patchBody(inputs: JsonObject, ref: ObjectRef): JsonObject {
  const body = applyBody(inputs, ref);
  if (at(body, "metadata", "annotations") === undefined) return body;
  const kept = Object.entries(record(body, "metadata", "annotations")).filter(([key]) => !INSTRUCTIONS.includes(key));
  return withValue(body, Object.fromEntries(kept), "metadata", "annotations");
}

export function isInstruction(annotation: string): boolean {
  return INSTRUCTIONS.includes(annotation);
}

/** Says nothing but which object is meant: applied, it gives up every field that the manager had set. */
export function emptyBody({ apiVersion, kind, namespace, name }: ObjectRef): JsonObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

/** To the API server a null means "absent", but apply would claim the field for us. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}
