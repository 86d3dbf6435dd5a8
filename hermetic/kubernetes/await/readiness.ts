import { isObject, type JsonObject } from "../../protocol/values";
import { condition, count, list, text } from "../objects";

/** What an object says about itself, in the light of the objects around it. */
export type Readiness =
  | { state: "ready" }
  | { state: "pending"; reason: string }
  /** It will not become ready by waiting. */
  | { state: "failed"; reason: string };

/** Objects that decide, or explain, whether another one is ready: its pods, its EndpointSlices, its StorageClass. */
export type Related = readonly JsonObject[];

/** Without `related`, a function judges by the object alone and may answer "pending" where it needs more. */
export type ReadinessOf = (object: JsonObject, related?: Related) => Readiness;

export const READY: Readiness = { state: "ready" };
export const pending = (reason: string): Readiness => ({ state: "pending", reason });
export const failed = (reason: string): Readiness => ({ state: "failed", reason });

/** True while the controller has not yet looked at the newest version, whose status still tells of the one before. */
export function isStale(object: JsonObject): boolean {
  return (count(object, "status", "observedGeneration") ?? 0) < (count(object, "metadata", "generation") ?? 0);
}

export const STALE = "its controller has not seen this version yet";

/** `Available is False (MinimumReplicasUnavailable): Deployment does not have minimum availability.` */
export function conditionText(object: JsonObject, type: string): string | undefined {
  const found = condition(object, type);
  if (!found) return undefined;
  const reason = text(found, "reason");
  const message = text(found, "message");
  return `${type} is ${text(found, "status") ?? "Unknown"}${reason ? ` (${reason})` : ""}${message ? `: ${message}` : ""}`;
}

/** Joins what is known into one reason, without repeating it. */
export function because(...parts: (string | undefined)[]): string {
  return [...new Set(parts.filter((part) => part !== undefined && part !== ""))].join("; ");
}

/** Container states of a pod, for reasons and messages. */
export function containerStates(pod: JsonObject): JsonObject[] {
  return ["initContainerStatuses", "containerStatuses"].flatMap((key) => list(pod, "status", key)).filter(isObject);
}
