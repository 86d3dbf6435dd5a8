import type { JsonObject } from "../../protocol/values";
import { count, text } from "../objects";
import { podReasons } from "./pod";
import { because, isStale, pending, READY, STALE, type Readiness, type Related } from "./readiness";

export function daemonSetReadiness(set: JsonObject, pods?: Related): Readiness {
  if (isStale(set)) return pending(STALE);
  const of = (key: string) => count(set, "status", key) ?? 0;
  const wanted = of("desiredNumberScheduled");
  const rolls = text(set, "spec", "updateStrategy", "type") !== "OnDelete";
  if ((!rolls || of("updatedNumberScheduled") >= wanted) && of("numberAvailable") >= wanted) return READY;
  const tally = `${String(of("numberAvailable"))} of ${String(wanted)} pods are available, ${String(of("updatedNumberScheduled"))} updated`;
  return pending(because(tally, podReasons(pods)));
}
