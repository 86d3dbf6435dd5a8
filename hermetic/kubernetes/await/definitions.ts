import type { JsonObject } from "../../protocol/values";
import { condition, text } from "../objects";
import { because, conditionText, failed, pending, READY, type Readiness } from "./readiness";

/** A CustomResourceDefinition is ready when the server serves its kind. */
export function definitionReadiness(definition: JsonObject): Readiness {
  if (condition(definition, "NamesAccepted")?.status === "False") {
    return failed(because(conditionText(definition, "NamesAccepted")));
  }
  if (condition(definition, "Established")?.status === "True") return READY;
  return pending(because(conditionText(definition, "Established") ?? "it is not established yet"));
}

export function namespaceReadiness(namespace: JsonObject): Readiness {
  const phase = text(namespace, "status", "phase");
  return phase === undefined || phase === "Active" ? READY : pending(`phase is ${phase}`);
}
