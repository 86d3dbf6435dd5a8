import { isUnknown, plain, type Json, type JsonObject } from "../protocol/values";
import { at, text } from "./objects";

/** What an object is, without its place. */
export interface ObjectKind {
  apiVersion: string;
  kind: string;
}

/** One object on one server. */
export interface ObjectRef extends ObjectKind {
  /** Absent: cluster-scoped. */
  namespace: string | undefined;
  name: string;
}

export const AUTONAMED = "pulumi.com/autonamed";

export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** `kubernetes:apps/v1:Deployment` -> apps/v1 Deployment; `kubernetes:core/v1:Pod` -> v1 Pod. */
export function kindOfToken(token: string): ObjectKind {
  const [, module = "", kind = ""] = token.split(":");
  return { apiVersion: module.startsWith("core/") ? module.slice("core/".length) : module, kind };
}

/** The kind that the inputs name; the type token speaks only where they say nothing (an import has no inputs). */
export function kindOf(token: string, inputs: JsonObject): ObjectKind {
  const fromToken = kindOfToken(token);
  const apiVersion = text(plain(inputs.apiVersion ?? null));
  const kind = text(plain(inputs.kind ?? null));
  return { apiVersion: apiVersion ?? fromToken.apiVersion, kind: kind ?? fromToken.kind };
}

/** True for the SDK's `*Patch` resources, which set fields of an object that somebody else owns. */
export function isPatch(token: string, inputs: JsonObject): boolean {
  const kind = text(plain(inputs.kind ?? null));
  return kind !== undefined && kindOfToken(token).kind === `${kind}Patch`;
}

/** Pulumi id: `namespace/name`, or `name` when cluster-scoped. */
export function idOf({ namespace, name }: Pick<ObjectRef, "namespace" | "name">): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function parseId(id: string): Pick<ObjectRef, "namespace" | "name"> {
  const slash = id.indexOf("/");
  return slash < 0 ? { namespace: undefined, name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** How messages name an object: `Deployment shop/web`. */
export function describe(ref: ObjectRef): string {
  return `${ref.kind} ${idOf(ref)}`;
}

/** A value of `metadata` without markers; undefined when absent. `UNKNOWN` stays recognisable by `isUnknown`. */
export function metadata(inputs: JsonObject, key: string): Json | undefined {
  const value = at(plain(inputs.metadata ?? null), key);
  return value === null ? undefined : value;
}

/** An annotation of the inputs; undefined when absent or not known yet. */
export function annotation(inputs: JsonObject, name: string): string | undefined {
  const annotations = metadata(inputs, "annotations");
  const value = text(annotations, name);
  return value === undefined || isUnknown(value) ? undefined : value;
}

export function isAutonamed(inputs: JsonObject): boolean {
  return annotation(inputs, AUTONAMED) === "true";
}

const SUFFIX_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const MAX_NAME = 63; // the shortest limit among the kinds: a name is often used as a label or a DNS label too

/** `web` -> `web-k3f9x2ab`: unique for every seed, so an old and a new object can stand side by side. */
export function autoName(name: string, seed: Uint8Array): string {
  const suffix = [...seed.slice(0, 8)].map((byte) => SUFFIX_LETTERS[byte % SUFFIX_LETTERS.length]).join("");
  return `${name.slice(0, MAX_NAME - suffix.length - 1)}-${suffix}`;
}
