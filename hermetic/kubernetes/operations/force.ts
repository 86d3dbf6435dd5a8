import type { JsonObject } from "../../protocol/values";
import type { Context } from "../context";
import { annotation } from "../identity";

/** Whether fields that another manager owns are taken over. Only when the user says so: a conflict tells of a mistake. */
export function mustForce({ options }: Context, inputs: JsonObject): boolean {
  const wish = annotation(inputs, "pulumi.com/patchForce");
  return wish === undefined ? options.patchForce : wish === "true";
}
