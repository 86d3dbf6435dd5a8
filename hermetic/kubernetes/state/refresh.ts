import { isObject, plain, plainObject, type Json, type JsonObject } from "../../protocol/values";
import { at, record, same, text, without } from "../objects";
import { isInstruction } from "./body";
import { compact } from "./outputs";
import { protect } from "./secrets";
import { fromBase64, isSecretObject, withSecretData } from "./secretObject";

/**
 * The inputs with what somebody changed in the cluster. Only fields that were in the inputs are looked at, and a field
 * counts as changed when the live value is another one than the server gave us last time: a server writes `1024Mi` as
 * `1Gi`, which is no drift.
 */
export function refreshedInputs(inputs: JsonObject, state: JsonObject, live: JsonObject): JsonObject {
  const [before, now] = [asWritten(plainObject(state), inputs), asWritten(live, inputs)];
  // The server may answer in another version of the same kind; which one the program speaks is no drift.
  const { apiVersion, kind, ...fields } = plainObject(inputs);
  const drifted = merge(fields, before, now, []);
  const result: JsonObject = drifted === GONE ? {} : { ...record(drifted) };
  if (apiVersion !== undefined) result.apiVersion = apiVersion;
  if (kind !== undefined) result.kind = kind;
  return withSecretData(protect(result, inputs));
}

/** A live Secret as the inputs write it: keys given in `stringData` are shown there. */
function asWritten(object: JsonObject, inputs: JsonObject): JsonObject {
  const given = plain(inputs.stringData ?? null);
  if (!isSecretObject(object) || !isObject(given)) return object;
  const data = record(object, "data");
  const written = Object.keys(given).filter((key) => typeof data[key] === "string");
  return { ...object, stringData: Object.fromEntries(written.map((key) => [key, fromBase64(text(data, key) ?? "")])) };
}

const GONE = Symbol("gone");

function merge(input: Json, before: Json | undefined, now: Json | undefined, path: string[]): Json | typeof GONE {
  if (same(before, now)) return input;
  if (now === undefined) return isNothing(input) ? input : GONE;
  if (isObject(input) && isObject(now)) {
    const annotations = path.join(".") === "metadata.annotations";
    const kept = Object.entries(input).flatMap(([key, value]): [string, Json][] => {
      if (annotations && isInstruction(key)) return [[key, value]];
      const merged = merge(value, at(before, key), now[key], [...path, key]);
      return merged === GONE ? [] : [[key, merged]];
    });
    return Object.fromEntries(kept);
  }
  if (Array.isArray(input) && Array.isArray(now))
    return mergeLists(input, Array.isArray(before) ? before : [], now, path);
  return now;
}

/** The server leaves out what is empty. */
function isNothing(value: Json): boolean {
  return (
    value === null ||
    value === "" ||
    value === 0 ||
    value === false ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}

function mergeLists(input: Json[], before: Json[], now: Json[], path: string[]): Json[] {
  const key = mergeKey([...input, ...now]);
  if (key !== undefined) {
    const find = (items: Json[], value: Json | undefined) => items.find((item) => at(item, key) === value);
    return input.flatMap((item) => {
      const merged = merge(item, find(before, at(item, key)), find(now, at(item, key)), [...path, "*"]);
      return merged === GONE ? [] : [merged];
    });
  }
  // Without a key, items can be told apart only by their place, which means something only in lists of one length.
  if (input.length !== now.length) return now;
  return input.map((item, i) => {
    const merged = merge(item, before[i], now[i], [...path, "*"]);
    return merged === GONE ? item : merged;
  });
}

const MERGE_KEYS = ["name", "key", "mountPath", "containerPort", "port", "topologyKey", "type", "ip", "uid"];

/** The field that names each item of a list, as in the API's own merge keys. */
function mergeKey(items: Json[]): string | undefined {
  return MERGE_KEYS.find(
    (key) => items.length > 0 && items.every((item) => ["string", "number"].includes(typeof at(item, key))),
  );
}

const SERVER_METADATA = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** The inputs of an imported object: all of it that a person may write. */
export function importedInputs(live: JsonObject): JsonObject {
  const object = SERVER_METADATA.reduce((rest, key) => without(rest, "metadata", key), without(live, "status"));
  return withSecretData(compactForImport(object));
}

function compactForImport(live: JsonObject): JsonObject {
  const lean = without(live, "metadata", "managedFields");
  const { metadata } = compact(live);
  return metadata === undefined ? lean : { ...lean, metadata };
}

/** True when everything in `wanted` is in `live` too, whatever else is there. */
export function isCoveredBy(wanted: Json | undefined, live: Json | undefined): boolean {
  const [left, right] = [plain(wanted ?? null), plain(live ?? null)];
  if (left === null) return true;
  if (Array.isArray(left))
    return Array.isArray(right) && left.length === right.length && left.every((item, i) => isCoveredBy(item, right[i]));
  if (isObject(left))
    return isObject(right)
      ? Object.entries(left).every(([key, item]) => isCoveredBy(item, right[key]))
      : isNothing(left);
  return left === right || (right === null && isNothing(left));
}
