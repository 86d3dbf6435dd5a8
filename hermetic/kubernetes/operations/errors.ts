import type { JsonObject } from "../../protocol/values";
import { ApiError } from "../client/errors";
import { describe, type ObjectRef } from "../identity";
import { redact, secretTexts } from "../state/secrets";

/** An error about one object: the server's words, the object's name, and none of its secrets. */
export function objectError(ref: ObjectRef, error: unknown, ...inputs: JsonObject[]): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(redact(`${describe(ref)}: ${message}${hint(error)}`, secretTexts(...inputs)));
}

function hint(error: unknown): string {
  if (!(error instanceof ApiError)) return "";
  if (error.status === 401) return " (the API server does not accept the credentials of the kubeconfig)";
  if (isConflict(error)) {
    return (
      `\nThe manager named there owns these fields. Take them out of the program, or set the annotation ` +
      `pulumi.com/patchForce: "true" to take them over.`
    );
  }
  return "";
}

export function isConflict(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.status === 409 &&
    error.causes.some(({ reason }) => reason === "FieldManagerConflict")
  );
}
