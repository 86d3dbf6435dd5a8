import type { ApiError, Cause } from "../client/errors";
import { overlaps, type Changes } from "./diff";

/* The ways in which the API server, and rules written in CEL, say that a field of an existing object never changes. */
const IMMUTABLE =
  /\bimmutable\b|may not be (changed|modified|updated|unset)|can ?not be (changed|modified|updated|unset)|cannot (be )?change|may not change fields|updates to .* (fields other than|are) .*forbidden|is forbidden after creation|may only change/i;

export function isImmutable(message: string): boolean {
  return IMMUTABLE.test(message);
}

/** The changed paths that a rejected update blames for needing a new object; empty when it was rejected for another reason. */
export function replacedBy(error: ApiError, changes: Changes): string[] {
  if (error.status !== 422) return [];
  const blamed = error.causes.filter((cause: Cause) => isImmutable(cause.message));
  if (blamed.length === 0 && !isImmutable(error.message)) return [];
  const paths = Object.keys(changes);
  const hit = paths.filter((path) => blamed.some(({ field }) => field !== "" && overlaps(path, field)));
  // The server may blame a field that the program did not name, for instance one that a default follows.
  return hit.length > 0 ? hit : paths;
}
