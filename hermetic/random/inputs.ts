import type { CheckFailure, DiffKind } from "../protocol/provider";
import { containsUnknown, plain, plainObject, type Json, type JsonObject } from "../protocol/values";
import type { InputRule, RandomKind } from "./kind";

/** What is wrong with the inputs of a resource of this kind; nothing is said about values that are not known yet. */
export function failures(kind: RandomKind, inputs: JsonObject): CheckFailure[] {
  const found = Object.entries(kind.inputs).flatMap(([property, rule]) => {
    const reason = wrong(rule, inputs[property]);
    return reason === undefined ? [] : [{ property, reason }];
  });
  const unexpected = Object.keys(inputs).filter((property) => !(property in kind.inputs) && !property.startsWith("__"));
  for (const property of unexpected) {
    found.push({ property, reason: `is not known. Allowed: ${Object.keys(kind.inputs).join(", ")}` });
  }
  if (found.length > 0 || containsUnknown(inputs)) return found;
  const contradiction = kind.check?.(withDefaults(kind, inputs));
  return contradiction ? [contradiction] : [];
}

function wrong(rule: InputRule, marked: Json | undefined): string | undefined {
  if (marked === undefined || marked === null) return rule.required ? "is required" : undefined;
  if (containsUnknown(marked)) return undefined;
  const value = plain(marked);
  if (!hasType(rule.type, value)) return `is ${JSON.stringify(value)}, which is not ${DESCRIPTIONS[rule.type]}`;
  if (typeof value === "number" && rule.minimum !== undefined && value < rule.minimum) {
    return `is ${String(value)}; the least allowed is ${String(rule.minimum)}`;
  }
  return undefined;
}

const DESCRIPTIONS: Record<InputRule["type"], string> = {
  integer: "a whole number",
  boolean: "true or false",
  string: "a text",
  strings: "a list of texts",
  map: "a map",
};

function hasType(type: InputRule["type"], value: Json): boolean {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(value);
    case "strings":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "map":
      return typeof value === "object" && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

/** Plain inputs with every default filled in, and without what another plugin noted down for itself (`__defaults`). */
export function withDefaults(kind: RandomKind, inputs: JsonObject): JsonObject {
  const given = Object.entries(plainObject(inputs)).filter(([key, value]) => key in kind.inputs && value !== null);
  const defaults = Object.entries(kind.inputs).flatMap(([property, rule]) =>
    rule.default === undefined ? [] : [[property, rule.default] as const],
  );
  return Object.fromEntries([...defaults, ...given]);
}

/** Any change of an input is another random value: a replacement. */
export function changes(kind: RandomKind, olds: JsonObject, news: JsonObject): Record<string, DiffKind> {
  const [before, after] = [withDefaults(kind, olds), withDefaults(kind, news)];
  return Object.fromEntries(
    Object.keys(kind.inputs).flatMap((property): [string, DiffKind][] => {
      if (canonical(before[property]) === canonical(after[property])) return [];
      if (before[property] === undefined) return [[property, "add-replace"]];
      return [[property, after[property] === undefined ? "delete-replace" : "update-replace"]];
    }),
  );
}

/** JSON with sorted keys: the order of a map's keys is no change. */
function canonical(value: Json | undefined): string | undefined {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
