import type { JsonObject } from "../../protocol/values";
import { count, text } from "../objects";
import { podReasons } from "./pod";
import { because, isStale, pending, READY, STALE, type Readiness, type Related } from "./readiness";

export function statefulSetReadiness(set: JsonObject, pods?: Related): Readiness {
  if (isStale(set)) return pending(STALE);
  const wanted = count(set, "spec", "replicas") ?? 1;
  const of = (key: string) => count(set, "status", key) ?? 0;
  // With OnDelete the new template reaches a pod only when somebody deletes it.
  const rolls = text(set, "spec", "updateStrategy", "type") !== "OnDelete";
  const partition = count(set.spec ?? null, "updateStrategy", "rollingUpdate", "partition") ?? 0;
  const toUpdate = rolls ? Math.max(0, wanted - partition) : 0;
  const complete = partition > 0 || !rolls || of("updatedReplicas") >= wanted;
  if (of("readyReplicas") >= wanted && of("replicas") === wanted && of("updatedReplicas") >= toUpdate && complete)
    return READY;
  const tally = `${String(of("readyReplicas"))} of ${String(wanted)} replicas are ready, ${String(of("updatedReplicas"))} updated`;
  return pending(because(tally, podReasons(pods)));
}
