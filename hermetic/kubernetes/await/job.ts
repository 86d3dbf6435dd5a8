import type { JsonObject } from "../../protocol/values";
import { at, condition, count } from "../objects";
import { podReasons } from "./pod";
import { because, conditionText, failed, pending, READY, type Readiness, type Related } from "./readiness";

/** A Job is ready when it has done its work. */
export function jobReadiness(job: JsonObject, pods?: Related): Readiness {
  if (condition(job, "Complete")?.status === "True") return READY;
  const failure = ["Failed", "FailureTarget"].find((type) => condition(job, type)?.status === "True");
  if (failure) return failed(because(conditionText(job, failure), podReasons(pods)));
  // Suspended on purpose: it waits for somebody else to start it.
  if (at(job, "spec", "suspend") === true) return READY;
  const of = (key: string) => count(job, "status", key) ?? 0;
  const wanted = count(job, "spec", "completions") ?? 1;
  const tally = `${String(of("succeeded"))} of ${String(wanted)} completions, ${String(of("active"))} active, ${String(of("failed"))} failed`;
  return pending(because(tally, podReasons(pods)));
}
