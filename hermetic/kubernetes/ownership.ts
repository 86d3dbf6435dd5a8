import { createHash } from "node:crypto";
import { isObject, type JsonObject } from "../protocol/values";
import { list } from "./objects";

/**
 * The field manager of a resource. Its suffix comes from the URN: an object that this manager has applied was written
 * by this very resource, so a create that was killed after the object was written knows its own work again.
 */
export function managerOf(urn: string): string {
  return `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 10)}`;
}

/** True when one of these managers has applied the object. */
export function isManagedBy(object: JsonObject, managers: ReadonlySet<string>): boolean {
  return list(object, "metadata", "managedFields")
    .filter(isObject)
    .some(({ manager, operation }) => operation === "Apply" && typeof manager === "string" && managers.has(manager));
}

/**
 * Put on an object that a create found half-done and went on with. A replacement forced by the user creates, under a
 * fixed name, onto the old object and deletes the old one afterwards: with this mark that delete sees that the object
 * has since been taken over by the new one.
 */
export const ADOPTED = "pulumi.com/resumedCreate";
