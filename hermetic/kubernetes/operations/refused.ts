import { plain, type JsonObject } from "../../protocol/values";
import { kindOfToken } from "../identity";

const COMPONENTS = /^kubernetes:(helm\.sh\/|yaml\/v2:|yaml:|kustomize)/;

/** Why this plugin does not take that type; undefined when it does. */
export function refusalOf(token: string, inputs: JsonObject = {}): string | undefined {
  if (COMPONENTS.test(token)) {
    return (
      `${token} is not supported by the hermetic kubernetes plugin: what it creates can't be seen by policies at preview. ` +
      `Use RenderedChart (components/charts), which registers every object of a chart or manifest as a plain resource, or install the official kubernetes plugin.`
    );
  }
  const kind = plain(inputs.kind ?? null) ?? kindOfToken(token).kind;
  if (typeof kind === "string" && kind.endsWith("List") && Array.isArray(plain(inputs.items ?? null))) {
    return `${token} is not supported by the hermetic kubernetes plugin: register each object of the list as a resource of its own, so that each has its own state and policy findings.`;
  }
  return undefined;
}
