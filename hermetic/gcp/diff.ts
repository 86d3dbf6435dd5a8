import type { DiffKind } from "../protocol/provider";
import { isObject, plain, type Json, type JsonObject } from "../protocol/values";

/**
 * Where `after` differs from `before`, by property path. A change below a property of `replaceOn` is a replacement.
 * Keys that a provider keeps for itself (`__defaults`) are no change.
 */
export function structuralDiff(
  before: JsonObject,
  after: JsonObject,
  replaceOn: readonly string[],
): Record<string, DiffKind> {
  const changes: Record<string, DiffKind> = {};
  for (const property of keysOf(before, after)) {
    const suffix = replaceOn.includes(property) ? "-replace" : "";
    compare(property, plainOrNothing(before[property]), plainOrNothing(after[property]), (path, kind) => {
      changes[path] = `${kind}${suffix}`;
    });
  }
  return changes;
}

type Report = (path: string, kind: "add" | "delete" | "update") => void;

function compare(path: string, before: Json | undefined, after: Json | undefined, report: Report): void {
  if (before === undefined || after === undefined) {
    if (before !== after) report(path, before === undefined ? "add" : "delete");
  } else if (isObject(before) && isObject(after)) {
    for (const key of keysOf(before, after)) compare(`${path}${step(key)}`, before[key], after[key], report);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let at = 0; at < Math.max(before.length, after.length); at++) {
      compare(`${path}[${String(at)}]`, before[at], after[at], report);
    }
  } else if (before !== after) {
    report(path, "update");
  }
}

function keysOf(before: JsonObject, after: JsonObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !key.startsWith("__"));
}

function step(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `["${key.replaceAll('"', '\\"')}"]`;
}

function plainOrNothing(value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : plain(value);
}
