import type { z } from "zod";
import type { CheckFailure } from "../hermetic/protocol/provider";
import { containsUnknown, plainObject, type JsonObject } from "../hermetic/protocol/values";

/**
 * Inputs that fit the schema, or what is wrong with them. Values that are not known yet are left for the update to
 * check. The inputs themselves come back, with their secret marks, and no message quotes a value: it could be secret.
 */
export function checkAgainst(schema: z.ZodType, given: JsonObject): { inputs: JsonObject; failures: CheckFailure[] } {
  if (containsUnknown(given)) return { inputs: given, failures: [] };
  const result = schema.safeParse(plainObject(given));
  const failures = (result.error?.issues ?? []).map(({ path, message }) => ({
    property: path.join(".") || "inputs",
    reason: message,
  }));
  return { inputs: given, failures };
}

/** True when a value differs, markers of secrets aside and in whatever order keys are written. */
export function differs(before: JsonObject, after: JsonObject, key: string): boolean {
  return JSON.stringify(sorted(plainObject(before)[key])) !== JSON.stringify(sorted(plainObject(after)[key]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
