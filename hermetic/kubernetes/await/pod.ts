import { isObject, type JsonObject } from "../../protocol/values";
import { at, condition, list, text } from "../objects";
import {
  because,
  conditionText,
  containerStates,
  failed,
  pending,
  READY,
  type Readiness,
  type Related,
} from "./readiness";

export function podReadiness(pod: JsonObject): Readiness {
  const phase = text(pod, "status", "phase") ?? "Pending";
  if (phase === "Succeeded") return READY;
  if (phase === "Failed") return failed(because("the pod failed", text(pod, "status", "message"), whyNotReady(pod)));
  if (condition(pod, "Ready")?.status === "True") return READY;
  return pending(because(`phase is ${phase}`, whyNotReady(pod)));
}

/** The most telling cause that a pod gives for not being ready. */
export function whyNotReady(pod: JsonObject): string | undefined {
  for (const state of containerStates(pod)) {
    const name = text(state, "name") ?? "";
    for (const stage of ["waiting", "terminated"] as const) {
      const detail = at(state, "state", stage);
      if (!isObject(detail) || (stage === "terminated" && detail.exitCode === 0)) continue;
      const exit = typeof detail.exitCode === "number" ? ` with exit code ${String(detail.exitCode)}` : "";
      const message = text(detail, "message");
      return `container "${name}" is ${stage}${exit} (${text(detail, "reason") ?? "no reason given"})${message ? `: ${message}` : ""}`;
    }
  }
  const unmet = list(pod, "status", "conditions")
    .filter(isObject)
    .filter((entry) => entry.status === "False")
    .map((entry) => text(entry, "type") ?? "");
  // Scheduling comes first, and the others only follow from it.
  const type = unmet.includes("PodScheduled") ? "PodScheduled" : unmet[0];
  return type === undefined ? undefined : conditionText(pod, type);
}

const SHOWN = 3; // replicas of one template mostly fail for the same reason

/** One line on the pods of a workload that are not ready; undefined when all are. */
export function podReasons(pods: Related | undefined): string | undefined {
  const unready = (pods ?? []).filter((pod) => podReadiness(pod).state !== "ready");
  const lines = unready
    .slice(0, SHOWN)
    .map(
      (pod) =>
        `pod ${text(pod, "metadata", "name") ?? "?"}: ${whyNotReady(pod) ?? text(pod, "status", "phase") ?? "no status yet"}`,
    );
  if (unready.length > SHOWN) lines.push(`and ${String(unready.length - SHOWN)} more pods`);
  return lines.length > 0 ? lines.join("; ") : undefined;
}
