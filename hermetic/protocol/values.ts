import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb.js";

/** JSON as it travels in a protobuf Struct: markers for unknowns and secrets included. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Stands for a value that is not known until the update runs (pulumi/sdk: plugin.UnknownStringValue). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_KINDS = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // bool
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** The key that marks a special object, and the kinds that this project meets (pulumi/sdk: resource.SigKey). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isUnknown(value: unknown): boolean {
  if (typeof value === "string") return UNKNOWN_KINDS.has(value);
  return isObject(value) && value[SIGNATURE] === OUTPUT && !("value" in value);
}

export function isSecret(value: unknown): value is JsonObject & { value: Json } {
  return isObject(value) && (value[SIGNATURE] === SECRET || (value[SIGNATURE] === OUTPUT && value.secret === true));
}

/** Marks a value as secret, once. */
export function secret(value: Json): Json {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** True when the value or anything inside it is unknown. */
export function containsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
}

/** True when the value or anything inside it is secret. */
export function containsSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(containsSecret);
  return isObject(value) && Object.values(value).some(containsSecret);
}

/** The value without secret and output markers; unknowns become `UNKNOWN`. */
export function plain(value: Json): Json {
  if (isUnknown(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === SECRET || value[SIGNATURE] === OUTPUT) return plain(value.value ?? null);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

export function plainObject(value: JsonObject): JsonObject {
  const result = plain(value);
  return isObject(result) ? result : {};
}

/**
 * Marks as secret everything in `value` that is secret at the same path in `like`, so that what a server echoes back
 * stays as secret as what was sent.
 */
export function secretLike(value: Json, like: Json | undefined): Json {
  if (like === undefined) return value;
  if (isSecret(like)) return secret(plain(value));
  if (Array.isArray(value) && Array.isArray(like)) return value.map((item, i) => secretLike(item, like[i]));
  if (isObject(value) && isObject(like) && !isSecret(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, secretLike(item, like[key])]));
  }
  return value;
}

export function fromStruct(struct: Struct | undefined): JsonObject {
  return struct?.toJavaScript() ?? {};
}

export function toStruct(value: JsonObject): Struct {
  return StructMessage.fromJavaScript(value);
}
