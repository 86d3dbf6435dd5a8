import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "../argumentError";

/** What can be written in YAML and is known now: an Output is not assignable to it. */
export type PlainValue = string | number | boolean | null | readonly PlainValue[] | PlainObject;
export interface PlainObject {
  readonly [key: string]: PlainValue | undefined;
}

/**
 * Checks that values are plain to the last leaf and returns them with sorted keys, so that equal values are equal text.
 *
 * @throws ArgumentError naming the path of the first one that is not
 */
export function canonicalValues(chart: string, values: PlainObject): PlainObject {
  return sorted(values, "values", chart) as PlainObject;
}

function sorted(value: unknown, path: string, chart: string): PlainValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, i) => sorted(item, `${path}[${String(i)}]`, chart));
  if (!isPlainObject(value)) throw notPlain(chart, path, value);
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => [key, sorted(inner, `${path}.${key}`, chart)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || pulumi.Output.isInstance(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function notPlain(chart: string, path: string, value: unknown): ArgumentError {
  const kind = pulumi.Output.isInstance(value)
    ? "an Output"
    : value instanceof Promise
      ? "a Promise"
      : `a ${typeof value}`;
  return new ArgumentError({
    where: `chart "${chart}"`,
    argument: path,
    problem: "is not a plain value: the chart could not be rendered, nor checked by the policy pack, at preview",
    given: kind,
    allowed: "text, finite numbers, true, false, null, and lists and objects of them",
    fix: "use a name that is known beforehand, or hand a secret over through a Secret that the chart refers to",
  });
}

/** A value at a path such as `a.b.c`. */
export function valueAtPath(values: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      values,
    );
}
