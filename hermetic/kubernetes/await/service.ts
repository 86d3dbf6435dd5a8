import { isObject, type JsonObject } from "../../protocol/values";
import { at, list, record, text } from "../objects";
import { pending, READY, type Readiness, type Related } from "./readiness";

/** `related`: the EndpointSlices of the service. */
export function serviceReadiness(service: JsonObject, slices?: Related): Readiness {
  const type = text(service, "spec", "type") ?? "ClusterIP";
  if (type === "ExternalName") return READY;
  if (type === "LoadBalancer" && list(service, "status", "loadBalancer", "ingress").length === 0) {
    return pending("the load balancer has no address yet");
  }
  const headless = text(service, "spec", "clusterIP") === "None";
  const selector = Object.entries(record(service, "spec", "selector"));
  if (headless || selector.length === 0) return READY;
  if (slices?.some(hasReadyEndpoint)) return READY;
  const labels = selector.map(([key, value]) => `${key}=${String(value)}`).join(",");
  return pending(`no ready pod matches its selector ${labels}`);
}

function hasReadyEndpoint(slice: JsonObject): boolean {
  // The API defines a missing `ready` as "unknown, treat as ready".
  return list(slice, "endpoints")
    .filter(isObject)
    .some((endpoint) => at(endpoint, "conditions", "ready") !== false && list(endpoint, "addresses").length > 0);
}
