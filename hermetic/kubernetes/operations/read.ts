import { PartialFailure, type ReadCall } from "../../protocol/provider";
import { plainObject, type JsonObject } from "../../protocol/values";
import { judge } from "../await/wait";
import { UnknownKind, Unreachable } from "../client/errors";
import { withPatience } from "../client/patience";
import type { Context } from "../context";
import { describe, idOf, kindOf, type ObjectRef } from "../identity";
import { text } from "../objects";
import { managerOf } from "../ownership";
import { isNamespaced } from "../scope";
import { compact, MANAGER_KEY, stateOf } from "../state/outputs";
import { importedInputs, refreshedInputs } from "../state/refresh";
import { redact, secretTexts } from "../state/secrets";
import { objectError } from "./errors";
import { awaiterFor } from "./finish";
import { targetOfId } from "./target";

type Found = { id: string; inputs: JsonObject; state: JsonObject };

/** Refresh, import and `.get()`: what the server has now. `undefined`: it is gone. */
export async function read(context: Context, call: ReadCall): Promise<Found | undefined> {
  const imported = Object.keys(call.inputs).length === 0 && Object.keys(call.state).length === 0;
  let ref = targetOfId(kindOf(call.type, { ...call.state, ...call.inputs }), call.id);
  try {
    if (imported) ref = await completed(context, ref);
    const live = await get(context, call, ref);
    if (!live) return undefined;
    return await (imported ? asImport(context, call, ref, live) : asRefresh(context, call, ref, live));
  } catch (error) {
    if (error instanceof PartialFailure) throw error;
    if (error instanceof UnknownKind && !imported) return undefined; // with its kind, the object is gone too
    if (error instanceof Unreachable && context.options.deleteUnreachable && !imported) {
      context.log.warn(`${describe(ref)} is taken out of the state (deleteUnreachable): ${error.message}`, call.urn);
      return undefined;
    }
    throw objectError(ref, error, call.inputs);
  }
}

/** An import id may leave the namespace out. */
async function completed(context: Context, ref: ObjectRef): Promise<ObjectRef> {
  const namespaced = isNamespaced(ref) ?? (await context.client().discovery.find(ref)).namespaced;
  if (namespaced) return { ...ref, namespace: ref.namespace ?? context.defaultNamespace };
  if (ref.namespace === undefined) return ref;
  throw new Error(
    `the import id "${idOf(ref)}" names a namespace, but a ${ref.kind} has none; the id is "${ref.name}"`,
  );
}

function get(context: Context, call: ReadCall, ref: ObjectRef): Promise<JsonObject | undefined> {
  const status = (message: string) => context.log.status(message, call.urn);
  return withPatience(() => context.client().get(ref), { ...context.patience, missingMs: 0 }, call.signal, status);
}

function asImport(context: Context, call: ReadCall, ref: ObjectRef, live: JsonObject): Found {
  context.memory.wasImported(call.urn);
  const inputs = importedInputs(live);
  return { id: idOf(ref), inputs, state: stateOf(live, inputs, managerOf(call.urn)) };
}

async function asRefresh(context: Context, call: ReadCall, ref: ObjectRef, live: JsonObject): Promise<Found> {
  const inputs = refreshedInputs(call.inputs, plainObject(call.state), compact(live));
  const state = stateOf(live, inputs, text(call.state, MANAGER_KEY) ?? managerOf(call.urn));
  const awaiter = awaiterFor(call.type, inputs, ref);
  const verdict = awaiter ? await judge(awaiter, live, context.client()) : undefined;
  if (verdict === undefined || verdict.state === "ready") return { id: idOf(ref), inputs, state };
  // Recorded with the resource: without it a refresh would make the engine forget that an update never finished.
  const message = redact(`${describe(ref)} is not ready: ${verdict.reason}`, secretTexts(inputs));
  throw new PartialFailure(message, idOf(ref), state, inputs);
}
