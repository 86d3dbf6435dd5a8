import type { DiffKind } from "../../protocol/provider";
import { isObject, isUnknown, plain, type Json, type JsonObject } from "../../protocol/values";

/** Property path -> what happened to it. */
export type Changes = Record<string, Extract<DiffKind, "add" | "delete" | "update">>;

/** What a program changed: inputs against inputs, without the server. Secret and plain values compare alike. */
export function changesBetween(oldInputs: JsonObject, newInputs: JsonObject): Changes {
  const changes: Changes = {};
  compare(plain(oldInputs), plain(newInputs), "", changes);
  return changes;
}

function compare(before: Json | undefined, after: Json | undefined, path: string, changes: Changes): void {
  const [had, has] = [before !== undefined && before !== null, after !== undefined && after !== null];
  if (!had && !has) return;
  if (!had) changes[path] = "add";
  else if (!has) changes[path] = "delete";
  else if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], join(path, key), changes);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let i = 0; i < Math.max(before.length, after.length); i++) {
      compare(before[i], after[i], `${path}[${String(i)}]`, changes);
    }
  } else if (isUnknown(after) || before !== after) changes[path] = "update";
}

/** Pulumi's property path: `spec.ports[0].port`, `metadata.annotations["example.com/x"]`. */
export function join(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** True when one path is the other, or lies inside it. */
export function overlaps(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  return long === short || (long.startsWith(short) && [".", "["].includes(long[short.length] ?? ""));
}

/** True when `path` is `field` or lies inside it. */
export function isWithin(path: string, field: string): boolean {
  return path.length >= field.length && overlaps(path, field);
}
