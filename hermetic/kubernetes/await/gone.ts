import { isObject, type JsonObject } from "../../protocol/values";
import type { Client } from "../client/client";
import { Unreachable } from "../client/errors";
import { describe, type ObjectRef } from "../identity";
import { condition, list, text } from "../objects";
import { pollIntervals, sleep } from "./clock";
import { because } from "./readiness";
import type { WaitOptions } from "./wait";

/** Polls until the object with this uid is gone. Another one that took its name meanwhile does not count. */
export async function waitUntilGone(
  ref: ObjectRef,
  uid: string | undefined,
  client: Client,
  { timeoutSeconds, signal, status }: WaitOptions,
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  let shown = "";
  let reason: string;
  for (const interval of pollIntervals()) {
    try {
      const object = await client.get(ref);
      if (!object || (uid !== undefined && text(object, "metadata", "uid") !== uid)) return;
      reason = whyStillThere(object);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      reason = error.message;
    }
    if (signal.aborted) throw new Error(`cancelled while waiting for ${describe(ref)} to be deleted: ${reason}`);
    if (Date.now() >= deadline) {
      throw new Error(
        `${describe(ref)} is being deleted but was not gone within ${String(timeoutSeconds)} s: ${reason}. ` +
          `The next update or destroy goes on from here.`,
      );
    }
    if (reason !== shown) status(`waiting until deleted: ${(shown = reason)}`);
    await sleep(Math.max(1, Math.min(interval, deadline - Date.now())), signal);
  }
}

/** What keeps an object that is being deleted. */
export function whyStillThere(object: JsonObject): string {
  const finalizers = [...list(object, "metadata", "finalizers"), ...list(object, "spec", "finalizers")].map(String);
  // A namespace tells in its conditions which objects, and whose finalizers, remain.
  const remaining = ["NamespaceContentRemaining", "NamespaceFinalizersRemaining", "NamespaceDeletionContentFailure"]
    .map((type) => condition(object, type))
    .filter((entry) => isObject(entry) && entry.status === "True")
    .map((entry) => text(entry, "message"));
  const held = finalizers.length > 0 ? `finalizers remain: ${finalizers.join(", ")}` : "the server still has it";
  return because(held, ...remaining);
}
