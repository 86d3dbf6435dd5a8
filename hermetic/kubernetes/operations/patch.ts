import type { CreateCall, DeleteCall, ResourceCall, UpdateCall } from "../../protocol/provider";
import type { JsonObject } from "../../protocol/values";
import type { Client, Written } from "../client/client";
import { ApiError, isNotFound, UnknownKind, Unreachable } from "../client/errors";
import { withPatience } from "../client/patience";
import type { Context } from "../context";
import { annotation, describe, idOf, kindOf, type ObjectRef } from "../identity";
import { text } from "../objects";
import { managerOf } from "../ownership";
import { emptyBody, patchBody } from "../state/body";
import { MANAGER_KEY, previewOfNew, previewOfUpdate } from "../state/outputs";
import { objectError } from "./errors";
import { finish } from "./finish";
import { mustForce } from "./force";
import { dryRun } from "./preview";
import { targetOf, targetOfId } from "./target";
import { reportWarnings } from "./warnings";

/* `*Patch` resources own fields, not objects: they set them under a manager of their own and in the end give them up. */

function managerFor(urn: string, inputs: JsonObject, state: JsonObject): string {
  return annotation(inputs, "pulumi.com/patchFieldManager") ?? text(state, MANAGER_KEY) ?? managerOf(urn);
}

export async function createPatch(context: Context, call: CreateCall): Promise<{ id: string; state: JsonObject }> {
  const { inputs, urn } = call;
  const manager = managerFor(urn, inputs, {});
  const force = mustForce(context, inputs);
  if (call.preview) {
    const answer = await dryRun(context, call, inputs, async (client, ref) =>
      (await client.get(ref)) ? client.apply(ref, patchBody(inputs, ref), { manager, force, dryRun: true }) : undefined,
    );
    return { id: "", state: previewOfNew(inputs, answer, manager) };
  }
  const ref = await patiently(context, call, () => targetOf(context, call.type, inputs));
  const state = await write(context, call, ref, inputs, manager);
  return { id: idOf(ref), state };
}

export async function updatePatch(context: Context, call: UpdateCall): Promise<JsonObject> {
  const { newInputs: inputs, state, urn } = call;
  const manager = managerFor(urn, inputs, state);
  const ref = targetOfId(kindOf(call.type, inputs), call.id);
  if (!call.preview) return write(context, call, ref, inputs, manager);
  const force = mustForce(context, inputs);
  const answer = await dryRun(context, call, inputs, (client) =>
    client.apply(ref, patchBody(inputs, ref), { manager, force, dryRun: true }),
  );
  return { ...previewOfUpdate(inputs, state, answer), [MANAGER_KEY]: manager };
}

/** Gives the fields up: what nobody else set disappears, what others set too stays. */
export async function deletePatch(context: Context, call: DeleteCall): Promise<void> {
  const ref = targetOfId(kindOf(call.type, call.inputs), call.id);
  const manager = managerFor(call.urn, call.inputs, call.state);
  try {
    const client = context.client();
    if (!(await patiently(context, call, () => client.get(ref), 0))) return;
    await patiently(context, call, () => client.apply(ref, emptyBody(ref), { manager }), 0);
  } catch (error) {
    if (isNotFound(error) || error instanceof UnknownKind) return;
    if (error instanceof Unreachable && context.options.deleteUnreachable) {
      context.log.warn(
        `the patch of ${describe(ref)} is taken out of the state only (deleteUnreachable): ${error.message}`,
        call.urn,
      );
      return;
    }
    throw objectError(ref, error, call.inputs);
  }
}

async function write(
  context: Context,
  call: ResourceCall & { timeout: number },
  ref: ObjectRef,
  inputs: JsonObject,
  manager: string,
): Promise<JsonObject> {
  const client = context.client();
  const force = mustForce(context, inputs);
  const attempt = async () => {
    await mustExist(client, ref);
    return client.apply(ref, patchBody(inputs, ref), { manager, force });
  };
  const written: Written = await patiently(context, call, attempt).catch((error: unknown) => {
    throw objectError(ref, error, inputs);
  });
  reportWarnings(context, call.urn, written.warnings);
  return finish(context, call, { ref, inputs, manager, object: written.object });
}

async function mustExist(client: Client, ref: ObjectRef): Promise<void> {
  if (await client.get(ref)) return;
  const message = `${await client.serverName(ref)} not found: a Patch resource changes an object that exists already`;
  throw new ApiError(404, { message, reason: "NotFound" });
}

function patiently<T>(
  context: Context,
  call: ResourceCall,
  attempt: () => Promise<T>,
  missingMs = context.patience.missingMs,
): Promise<T> {
  const status = (message: string) => context.log.status(message, call.urn);
  return withPatience(attempt, { ...context.patience, missingMs }, call.signal, status);
}
