import type { UpdateCall } from "../../protocol/provider";
import type { JsonObject } from "../../protocol/values";
import { withPatience } from "../client/patience";
import type { Context } from "../context";
import { kindOf } from "../identity";
import { text } from "../objects";
import { managerOf } from "../ownership";
import { applyBody } from "../state/body";
import { MANAGER_KEY, previewOfUpdate } from "../state/outputs";
import { objectError } from "./errors";
import { finish } from "./finish";
import { mustForce } from "./force";
import { withIgnoredFromLive } from "./ignored";
import { dryRun } from "./preview";
import { targetOfId } from "./target";
import { reportWarnings } from "./warnings";

export async function update(context: Context, call: UpdateCall): Promise<JsonObject> {
  const { newInputs: inputs, state, urn } = call;
  const manager = text(state, MANAGER_KEY) ?? managerOf(urn);
  const force = mustForce(context, inputs);
  const ref = targetOfId(kindOf(call.type, inputs), call.id);
  if (call.preview) {
    const answer = await dryRun(context, call, inputs, async (client) =>
      client.apply(ref, await withIgnoredFromLive(client, ref, applyBody(inputs, ref), call.ignoreChanges), {
        manager,
        force,
        dryRun: true,
      }),
    );
    return { ...previewOfUpdate(inputs, state, answer), [MANAGER_KEY]: manager };
  }
  const status = (message: string) => context.log.status(message, urn);
  const attempt = async () => {
    const client = context.client();
    const body = await withIgnoredFromLive(client, ref, applyBody(inputs, ref), call.ignoreChanges);
    return client.apply(ref, body, { manager, force });
  };
  const written = await withPatience(attempt, context.patience, call.signal, status).catch((error: unknown) => {
    throw objectError(ref, error, inputs, state);
  });
  reportWarnings(context, urn, written.warnings);
  return finish(context, call, { ref, inputs, manager, object: written.object });
}
