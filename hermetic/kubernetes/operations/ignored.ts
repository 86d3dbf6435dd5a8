import type { JsonObject } from "../../protocol/values";
import type { Client } from "../client/client";
import type { ObjectRef } from "../identity";
import { at, without, withValue } from "../objects";

/** `spec.replicas`, `metadata.annotations["example.com/x"]` -> keys; undefined for paths with an index or a wildcard. */
export function keysOf(path: string): [string, ...string[]] | undefined {
  const keys: string[] = [];
  for (const [, plainKey, quoted, other] of path.matchAll(/([\w$-]+)|\["([^"]*)"\]|(\[[^\]]*\]|\*)/g)) {
    if (other !== undefined) return undefined;
    keys.push(plainKey ?? quoted ?? "");
  }
  const [first, ...rest] = keys;
  return first === undefined ? undefined : [first, ...rest];
}

/**
 * Fields under `ignoreChanges` as they are in the cluster: an autoscaler's replica count must be neither undone nor
 * fought over, which applying the old value would do.
 */
export async function withIgnoredFromLive(
  client: Client,
  ref: ObjectRef,
  body: JsonObject,
  ignoreChanges: readonly string[],
): Promise<JsonObject> {
  const ignored = ignoreChanges.map(keysOf).filter((keys) => keys !== undefined);
  if (ignored.length === 0) return body;
  const live = await client.get(ref);
  if (!live) return body;
  return ignored.reduce((result, keys) => {
    if (at(result, ...keys) === undefined) return result;
    const value = at(live, ...keys);
    return value === undefined ? without(result, ...keys) : withValue(result, value, ...keys);
  }, body);
}
