import { PartialFailure, type ResourceCall } from "../../protocol/provider";
import type { JsonObject } from "../../protocol/values";
import { awaiterOf, type Awaiter } from "../await/kinds";
import { waitUntilReady } from "../await/wait";
import { parseWaitFor } from "../await/waitFor";
import type { Context } from "../context";
import { annotation, describe, idOf, isPatch, type ObjectRef } from "../identity";
import { stateOf } from "../state/outputs";
import { redact, secretTexts } from "../state/secrets";

const DEFAULT_TIMEOUT_SECONDS = 600;

/** The resource's own timeout, else the annotation's, else ten minutes. */
export function timeoutOf(timeout: number, inputs: JsonObject): number {
  if (timeout > 0) return timeout;
  const annotated = Number(annotation(inputs, "pulumi.com/timeoutSeconds"));
  return annotated > 0 ? annotated : DEFAULT_TIMEOUT_SECONDS;
}

export function skipsAwait(inputs: JsonObject): boolean {
  return annotation(inputs, "pulumi.com/skipAwait") === "true";
}

/** How the object is waited for, if at all. */
export function awaiterFor(token: string, inputs: JsonObject, ref: ObjectRef): Awaiter | undefined {
  if (skipsAwait(inputs)) return undefined;
  const waitFor = annotation(inputs, "pulumi.com/waitFor");
  if (waitFor !== undefined) return { readiness: parseWaitFor(waitFor) };
  return isPatch(token, inputs) ? undefined : awaiterOf(ref);
}

interface Applied {
  ref: ObjectRef;
  inputs: JsonObject;
  manager: string;
  /** As the server gave it back. */
  object: JsonObject;
}

/**
 * The state of an object that is written, once it is ready.
 * @throws PartialFailure when it does not become ready: the object is there and the next update goes on with it
 */
export async function finish(
  context: Context,
  call: ResourceCall & { timeout: number },
  { ref, inputs, manager, object }: Applied,
): Promise<JsonObject> {
  const awaiter = awaiterFor(call.type, inputs, ref);
  if (!awaiter) return stateOf(object, inputs, manager);
  const secrets = secretTexts(inputs);
  const fail = (message: string, live: JsonObject) =>
    new PartialFailure(redact(message, secrets), idOf(ref), stateOf(live, inputs, manager), inputs);
  const waited = await waitUntilReady(ref, object, awaiter, context.client(), {
    timeoutSeconds: timeoutOf(call.timeout, inputs),
    signal: call.signal,
    status: (message) => context.log.status(redact(message, secrets), call.urn),
  }).catch((error: unknown) => {
    throw fail(`${describe(ref)}: ${error instanceof Error ? error.message : String(error)}`, object);
  });
  if (waited.problem !== undefined) throw fail(waited.problem, waited.object);
  return stateOf(waited.object, inputs, manager);
}
