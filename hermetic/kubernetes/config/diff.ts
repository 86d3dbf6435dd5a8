import type { Diff, DiffKind } from "../../protocol/provider";
import { isUnknown, type JsonObject } from "../../protocol/values";
import { changesBetween } from "../state/diff";
import { clusterIdentity } from "./kubeconfig";
import { readOptions, type Options } from "./options";

/**
 * A provider stays the same as long as it leads to the same cluster: new credentials or another proxy must not replace
 * everything that runs there.
 */
export function diffOptions(oldInputs: JsonObject, newInputs: JsonObject): Diff {
  const changes: Record<string, DiffKind> = {};
  for (const path of Object.keys(changesBetween(oldInputs, newInputs)))
    changes[path.split(/[.[]/, 1)[0] ?? path] = "update";
  const [before, after] = [readOptions(oldInputs), readOptions(newInputs)];
  const culprit = movedBy(before, after);
  if (culprit !== undefined) changes[culprit] = "update-replace";
  return { changes };
}

/** The option because of which this is another cluster now; undefined when it is the same, or when that is not known. */
function movedBy(before: Options, after: Options): keyof Options | undefined {
  if (before.clusterIdentifier !== undefined && after.clusterIdentifier !== undefined) {
    if (isUnknown(after.clusterIdentifier)) return undefined;
    return before.clusterIdentifier === after.clusterIdentifier ? undefined : "clusterIdentifier";
  }
  if (after.kubeconfigUnknown || before.kubeconfigUnknown) return undefined;
  const [old, now] = [clusterIdentity(before), clusterIdentity(after)];
  if (old === undefined || now === undefined || old === now) return undefined;
  return (["context", "cluster", "kubeconfig"] as const).find((key) => before[key] !== after[key]) ?? "kubeconfig";
}
