import type { JsonObject } from "../../protocol/values";
import { text } from "../objects";
import { because, failed, pending, READY, type Readiness, type Related } from "./readiness";

/** `related`: the StorageClass of the claim, if there is one. */
export function volumeClaimReadiness(claim: JsonObject, related?: Related): Readiness {
  const phase = text(claim, "status", "phase") ?? "Pending";
  if (phase === "Bound") return READY;
  if (phase === "Lost") return failed("the volume that it was bound to is lost");
  const [storageClass] = related ?? [];
  // Such a class binds a claim only when a pod uses it: waiting here would keep that pod from being created.
  if (storageClass && text(storageClass, "volumeBindingMode") === "WaitForFirstConsumer") return READY;
  const name = text(claim, "spec", "storageClassName");
  const missing =
    related && !storageClass
      ? name
        ? `there is no StorageClass "${name}"`
        : "it names no StorageClass and the cluster has no default one"
      : undefined;
  return pending(because(`phase is ${phase}, not Bound`, missing));
}
