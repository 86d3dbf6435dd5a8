import type { Diff, DiffCall, DiffKind } from "../../protocol/provider";
import { containsUnknown, isUnknown, plainObject, type JsonObject } from "../../protocol/values";
import { ApiError } from "../client/errors";
import type { Context } from "../context";
import { groupOf, isAutonamed, isPatch, kindOf, metadata, parseId } from "../identity";
import { text } from "../objects";
import { managerOf } from "../ownership";
import { applyBody } from "../state/body";
import { changesBetween, isWithin, type Changes } from "../state/diff";
import { immutableChanges } from "../state/immutable";
import { MANAGER_KEY } from "../state/outputs";
import { isCoveredBy } from "../state/refresh";
import { replacedBy } from "../state/rejected";
import { withStringDataMerged } from "../state/secretObject";
import { mustForce } from "./force";
import { namespaceOf, targetOfId } from "./target";

/** Compares inputs; the server is asked only when something changed, and only whether it can be changed in place. */
export async function diff(context: Context, call: DiffCall): Promise<Diff> {
  const { memory } = context;
  memory.sawInState(call.urn, call.id, call.state);
  const identity = identityChanges(context, call);
  const changes = { ...ownChanges(call, memory.takeImported(call.urn)), ...identity.added };
  if (identity.sameNamespace) delete changes["metadata.namespace"];
  if (Object.keys(changes).length === 0) return { changes: {} };
  const replaced = new Set([
    ...identity.replaced,
    ...(await replacedPaths(context, call, changes, identity.replaced.length > 0)),
  ]);
  const kinds = Object.entries(changes).map(([path, kind]): [string, DiffKind] => [
    path,
    replaced.has(path) ? `${kind}-replace` : kind,
  ]);
  return {
    changes: Object.fromEntries(kinds),
    // Two objects can't have one name at the same time: the old one has to go first.
    deleteBeforeReplace: replaced.size > 0 && identity.sameName && !isAutonamed(call.newInputs),
  };
}

function ownChanges({ oldInputs, newInputs, state }: DiffCall, imported: boolean): Changes {
  const changes = changesBetween(oldInputs, newInputs);
  if (!imported) return changes;
  // An import's old inputs are the whole live object; a program that leaves out what it does not care about agrees with it.
  if (isCoveredBy(withStringDataMerged(plainObject(newInputs)), state)) return {};
  return Object.fromEntries(Object.entries(changes).filter(([, kind]) => kind !== "delete"));
}

interface IdentityChanges {
  replaced: string[];
  /** Changes that do not show in the inputs, for instance of a default namespace. */
  added: Changes;
  sameNamespace: boolean;
  /** Same namespace and name, whatever else changed. */
  sameName: boolean;
}

function identityChanges(context: Context, { type, id, oldInputs, newInputs }: DiffCall): IdentityChanges {
  const [before, after] = [kindOf(type, oldInputs), kindOf(type, newInputs)];
  const old = parseId(id);
  const name = metadata(newInputs, "name");
  const namespace = old.namespace === undefined ? undefined : namespaceOf(context, newInputs);
  const sameNamespace = namespace === old.namespace;
  const sameName = name === old.name && sameNamespace;
  const replaced = [
    ...(groupOf(before.apiVersion) === groupOf(after.apiVersion) ? [] : ["apiVersion"]),
    ...(before.kind === after.kind ? [] : ["kind"]),
    ...(name === old.name ? [] : ["metadata.name"]),
    ...(sameNamespace ? [] : ["metadata.namespace"]),
  ];
  return { replaced, added: Object.fromEntries(replaced.map((path) => [path, "update"])), sameNamespace, sameName };
}

async function replacedPaths(context: Context, call: DiffCall, changes: Changes, moved: boolean): Promise<string[]> {
  if (isPatch(call.type, call.newInputs)) return [];
  const { configMapsMutable, secretsMutable } = context.options;
  const mutable = { configMaps: configMapsMutable, secrets: secretsMutable };
  const known = immutableChanges(kindOf(call.type, call.newInputs), call.oldInputs, changes, mutable);
  if (known.length > 0 || moved) return known;
  const harmless = Object.keys(changes).every(
    (path) => isWithin(path, "metadata.labels") || isWithin(path, "metadata.annotations"),
  );
  return harmless ? [] : askServer(context, call, changes);
}

/** Tries the update as a dry run. Whatever keeps the server from judging it is met again, and reported, by the update. */
async function askServer(context: Context, call: DiffCall, changes: Changes): Promise<string[]> {
  const { type, id, urn, newInputs, state } = call;
  const ref = targetOfId(kindOf(type, newInputs), id);
  if (containsUnknown(newInputs) || isUnknown(id) || context.memory.isKindChanging(ref)) return [];
  const manager = text(state, MANAGER_KEY) ?? managerOf(urn);
  try {
    const body: JsonObject = applyBody(newInputs, ref);
    await context.client().apply(ref, body, { manager, force: mustForce(context, newInputs), dryRun: true });
    return [];
  } catch (error) {
    return error instanceof ApiError ? replacedBy(error, changes) : [];
  }
}
