import { isObject, isUnknown, plain, secret, UNKNOWN, type Json, type JsonObject } from "../../protocol/values";

/* The core/v1 Secret is special: what it holds is secret whoever wrote it, and `stringData` is a way to write `data`. */

export function isSecretObject({ apiVersion, kind }: JsonObject): boolean {
  return plain(apiVersion ?? null) === "v1" && plain(kind ?? null) === "Secret";
}

export const toBase64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
export const fromBase64 = (text: string): string => Buffer.from(text, "base64").toString("utf8");

/**
 * The object to send, with `stringData` turned into `data`. The server would do the same, but field ownership would
 * stay with `stringData`, which it never stores: a key taken out of the program would live on in the cluster.
 */
export function withStringDataMerged(body: JsonObject): JsonObject {
  if (!isSecretObject(body) || !isObject(body.stringData)) return body;
  const { stringData, ...rest } = body;
  const encoded = Object.entries(stringData).map(([key, value]): [string, Json] => [
    key,
    typeof value === "string" && !isUnknown(value) ? toBase64(value) : isUnknown(value) ? UNKNOWN : value,
  ]);
  return { ...rest, data: { ...(isObject(rest.data) ? rest.data : {}), ...Object.fromEntries(encoded) } };
}

/** The object with `data` and `stringData` marked as secret, as a whole. */
export function withSecretData(object: JsonObject): JsonObject {
  if (!isSecretObject(object)) return object;
  const hidden = ["data", "stringData"].filter((key) => object[key] !== undefined);
  return { ...object, ...Object.fromEntries(hidden.map((key) => [key, secret(object[key] ?? null)])) };
}
