import type { JsonObject } from "../../protocol/values";
import { condition, count } from "../objects";
import { podReasons } from "./pod";
import {
  because,
  conditionText,
  failed,
  isStale,
  pending,
  READY,
  STALE,
  type Readiness,
  type Related,
} from "./readiness";

export function deploymentReadiness(deployment: JsonObject, pods?: Related): Readiness {
  if (isStale(deployment)) return pending(STALE);
  const progressing = condition(deployment, "Progressing");
  const explain = () =>
    because(
      conditionText(
        deployment,
        condition(deployment, "ReplicaFailure")?.status === "True" ? "ReplicaFailure" : "Available",
      ),
      podReasons(pods),
    );
  const wanted = count(deployment, "spec", "replicas") ?? 1;
  const of = (key: string) => count(deployment, "status", key) ?? 0;
  const [updated, available, all] = [of("updatedReplicas"), of("availableReplicas"), of("replicas")];
  const tally = `${String(available)} of ${String(wanted)} replicas are available, ${String(updated)} updated`;
  // A paused Deployment rolls nothing out: waiting for its new template would last for ever.
  const paused = deployment.spec !== undefined && (deployment.spec as JsonObject).paused === true;
  if (paused || (updated >= wanted && available >= wanted && all <= wanted)) return READY;
  if (progressing?.status === "False" && progressing.reason === "ProgressDeadlineExceeded") {
    return failed(because(tally, conditionText(deployment, "Progressing"), explain()));
  }
  const old = all > updated ? `${String(all - updated)} of the old version are still there` : undefined;
  return pending(because(tally, old, explain()));
}
