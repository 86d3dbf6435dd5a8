import { isUnknown, type JsonObject } from "../../protocol/values";
import type { Context } from "../context";
import { kindOf, metadata, parseId, type ObjectKind, type ObjectRef } from "../identity";
import { isNamespaced } from "../scope";

/** The object that the inputs describe. Asks the server only for the scope of custom resources without a namespace. */
export async function targetOf(context: Context, token: string, inputs: JsonObject): Promise<ObjectRef> {
  const kind = kindOf(token, inputs);
  const name = metadata(inputs, "name");
  if (typeof name !== "string" || isUnknown(name)) {
    throw new Error(
      `${kind.kind}: metadata.name is ${name === undefined ? "missing" : JSON.stringify(name)}; it must be a string`,
    );
  }
  const namespaced = isNamespaced(kind) ?? (await context.client().discovery.find(kind)).namespaced;
  return { ...kind, name, namespace: namespaced ? namespaceOf(context, inputs) : undefined };
}

/** The object behind an id of the state. */
export function targetOfId(kind: ObjectKind, id: string): ObjectRef {
  return { ...kind, ...parseId(id) };
}

/** The namespace of a namespaced object; may be `UNKNOWN`. */
export function namespaceOf(context: Context, inputs: JsonObject): string {
  const given = metadata(inputs, "namespace");
  return typeof given === "string" && given !== "" ? given : context.defaultNamespace;
}
