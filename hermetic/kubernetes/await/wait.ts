import type { JsonObject } from "../../protocol/values";
import type { Client } from "../client/client";
import { Unreachable } from "../client/errors";
import { describe, type ObjectRef } from "../identity";
import { pollIntervals, sleep } from "./clock";
import type { Awaiter } from "./kinds";
import { pending, type Readiness } from "./readiness";

export interface WaitOptions {
  timeoutSeconds: number;
  signal: AbortSignal;
  status: (message: string) => void;
}

/** How waiting ended: `problem` is absent when the object is ready. `object` is the newest state seen. */
export interface Waited {
  object: JsonObject;
  problem?: string;
}

/** Judges once, asking for related objects only when the object alone does not look ready. */
export async function judge(awaiter: Awaiter, object: JsonObject, client: Client): Promise<Readiness> {
  const alone = awaiter.readiness(object);
  if (alone.state === "ready" || !awaiter.related) return alone;
  return awaiter.readiness(object, await awaiter.related(object, client));
}

/** Polls until the object is ready, has failed, time is up or the engine cancels. */
export async function waitUntilReady(
  ref: ObjectRef,
  first: JsonObject,
  awaiter: Awaiter,
  client: Client,
  { timeoutSeconds, signal, status }: WaitOptions,
): Promise<Waited> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  let object = first;
  let shown = "";
  for (const interval of pollIntervals()) {
    const verdict = await glance(awaiter, object, client);
    if (verdict.state === "ready") return { object };
    if (verdict.state === "failed") return { object, problem: `${describe(ref)} failed: ${verdict.reason}` };
    if (signal.aborted) {
      return { object, problem: `cancelled while waiting for ${describe(ref)} to become ready: ${verdict.reason}` };
    }
    if (Date.now() >= deadline) {
      return {
        object,
        problem: `${describe(ref)} was not ready within ${String(timeoutSeconds)} s: ${verdict.reason}`,
      };
    }
    if (verdict.reason !== shown) status(`waiting until ready: ${(shown = verdict.reason)}`);
    await sleep(Math.max(1, Math.min(interval, deadline - Date.now())), signal);
    if (signal.aborted) continue;
    const newer = await client.get(ref).catch(patientWith(object));
    if (!newer)
      return { object, problem: `${describe(ref)} was deleted by somebody else while waiting until it is ready` };
    object = newer;
  }
  return { object };
}

/** A server that is away for a moment is waited for like an object that is not ready. */
async function glance(awaiter: Awaiter, object: JsonObject, client: Client): Promise<Readiness> {
  try {
    return await judge(awaiter, object, client);
  } catch (error) {
    if (error instanceof Unreachable) return pending(error.message);
    throw error;
  }
}

function patientWith(object: JsonObject): (error: unknown) => JsonObject {
  return (error) => {
    if (error instanceof Unreachable) return object;
    throw error;
  };
}
