import { isObject, type Json, type JsonObject } from "../protocol/values";

/* Reading untyped objects without casts: a missing or differently typed value reads as "not there". */

/** The value at the end of `keys`; a number is an index. */
export function at(value: Json | undefined, ...keys: (string | number)[]): Json | undefined {
  let current: Json | undefined = value;
  for (const key of keys) {
    if (Array.isArray(current) && typeof key === "number") current = current[key];
    else if (isObject(current) && typeof key === "string") current = current[key];
    else return undefined;
  }
  return current;
}

export function text(value: Json | undefined, ...keys: string[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === "string" ? found : undefined;
}

export function count(value: Json | undefined, ...keys: string[]): number | undefined {
  const found = at(value, ...keys);
  return typeof found === "number" ? found : undefined;
}

export function record(value: Json | undefined, ...keys: string[]): JsonObject {
  const found = at(value, ...keys);
  return isObject(found) ? found : {};
}

export function list(value: Json | undefined, ...keys: string[]): Json[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The condition of that type in `status.conditions`. */
export function condition(object: JsonObject, type: string): JsonObject | undefined {
  return list(object, "status", "conditions")
    .filter(isObject)
    .find((entry) => entry.type === type);
}

/** The object without the value at `keys`; the original is left alone. */
export function without(value: JsonObject, ...keys: [string, ...string[]]): JsonObject {
  const [first, ...rest] = keys;
  if (!(first in value)) return value;
  const copy = { ...value };
  const child = copy[first];
  const [next, ...deeper] = rest;
  if (next === undefined) return Object.fromEntries(Object.entries(value).filter(([key]) => key !== first));
  if (isObject(child)) copy[first] = without(child, next, ...deeper);
  return copy;
}

/** The object with `value` at `keys`; missing objects on the way are made, the original is left alone. */
export function withValue(object: JsonObject, value: Json, ...keys: [string, ...string[]]): JsonObject {
  const [first, next, ...deeper] = keys;
  if (next === undefined) return { ...object, [first]: value };
  return { ...object, [first]: withValue(record(object, first), value, next, ...deeper) };
}

export function same(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, i) => same(item, right[i]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => same(left[key], right[key]));
}
