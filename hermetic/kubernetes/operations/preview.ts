import { containsUnknown, plainObject, type JsonObject } from "../../protocol/values";
import { isMissingPrerequisite, isServerTrouble } from "../client/patience";
import { ApiError, Unreachable } from "../client/errors";
import type { Client, Written } from "../client/client";
import type { Context } from "../context";
import { groupOf, kindOf, metadata, type ObjectRef } from "../identity";
import { objectError } from "./errors";
import { targetOf } from "./target";
import { reportWarnings } from "./warnings";

interface PreviewCall {
  urn: string;
  type: string;
}

/**
 * Lets the server judge a change that is not made. Its refusal is an error; its answer is returned. `undefined`: it could
 * not judge, because it can't be reached, because an input is not known yet, or because something that the same
 * update brings is still missing.
 */
export async function dryRun(
  context: Context,
  call: PreviewCall,
  inputs: JsonObject,
  attempt: (client: Client, ref: ObjectRef) => Promise<Written | undefined>,
): Promise<JsonObject | undefined> {
  noteConsequences(context, call, inputs);
  if (containsUnknown(inputs)) return undefined;
  const client = clientOrReason(context);
  if (!client) return undefined;
  let ref: ObjectRef | undefined;
  try {
    ref = await targetOf(context, call.type, inputs);
    if (context.memory.isKindChanging(ref)) return undefined;
    const written = await attempt(client, ref);
    if (!written) return undefined;
    reportWarnings(context, call.urn, written.warnings);
    return written.object;
  } catch (error) {
    if (error instanceof Unreachable) {
      giveUp(context, error);
      return undefined;
    }
    if (isExcused(context, ref, error)) {
      context.log.debug(
        `not validated by the server yet: ${error instanceof Error ? error.message : String(error)}`,
        call.urn,
      );
      return undefined;
    }
    throw ref ? objectError(ref, error, inputs) : error;
  }
}

const UNREACHABLE = "this preview is not validated by a server";

/** One server that can't be reached is not asked again: each attempt may take seconds, and there are many objects. */
function giveUp({ memory, log }: Context, error: Error): void {
  if (memory.isNews(UNREACHABLE)) log.warn(`${UNREACHABLE}: ${error.message}`);
}

function clientOrReason(context: Context): Client | undefined {
  if (context.memory.hasSaid(UNREACHABLE)) return undefined;
  try {
    return context.client();
  } catch (error) {
    giveUp(context, error instanceof Error ? error : new Error(String(error)));
    return undefined;
  }
}

/** Failures that say nothing about the object itself. */
function isExcused({ memory }: Context, ref: ObjectRef | undefined, error: unknown): boolean {
  if (isMissingPrerequisite(error) || isServerTrouble(error)) return true;
  if (!(error instanceof ApiError)) return false;
  if (/does not support dry run/i.test(error.message)) return true;
  // The quota or the labels that refuse it now are changed by this very update.
  return error.status === 403 && ref !== undefined && memory.isNamespaceChanging(ref);
}

/** Remembers what this change would alter about later checks. */
function noteConsequences({ memory, defaultNamespace }: Context, { type }: PreviewCall, inputs: JsonObject): void {
  const { apiVersion, kind } = kindOf(type, inputs);
  const name = metadata(inputs, "name");
  const namespace = metadata(inputs, "namespace");
  if (groupOf(apiVersion) === "apiextensions.k8s.io" && kind === "CustomResourceDefinition")
    memory.willChangeKind(plainObject(inputs));
  if (groupOf(apiVersion) !== "") return;
  if (kind === "Namespace" && typeof name === "string") memory.willChangeNamespace(name);
  if (kind === "ResourceQuota" || kind === "LimitRange") {
    memory.willChangeNamespace(typeof namespace === "string" ? namespace : defaultNamespace);
  }
}
