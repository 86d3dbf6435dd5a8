import type { JsonObject } from "../../protocol/values";
import type { Client } from "../client/client";
import { groupOf, type ObjectKind } from "../identity";
import { record, text } from "../objects";
import { daemonSetReadiness } from "./daemonSet";
import { definitionReadiness, namespaceReadiness } from "./definitions";
import { deploymentReadiness } from "./deployment";
import { jobReadiness } from "./job";
import { podReadiness } from "./pod";
import type { ReadinessOf, Related } from "./readiness";
import { labelSelector } from "./selector";
import { serviceReadiness } from "./service";
import { statefulSetReadiness } from "./statefulSet";
import { volumeClaimReadiness } from "./volumeClaim";

/** How one kind is waited for. */
export interface Awaiter {
  readiness: ReadinessOf;
  /** Fetched only while the object alone does not look ready. */
  related?: (object: JsonObject, client: Client) => Promise<Related>;
}

const namespaceOf = (object: JsonObject) => text(object, "metadata", "namespace");

const podsOf: Awaiter["related"] = (workload, client) =>
  client.list(
    { apiVersion: "v1", kind: "Pod" },
    namespaceOf(workload),
    labelSelector(record(workload, "spec", "selector")),
  );

const slicesOf: Awaiter["related"] = (service, client) =>
  client.list(
    { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" },
    namespaceOf(service),
    `kubernetes.io/service-name=${text(service, "metadata", "name") ?? ""}`,
  );

const storageClassOf: Awaiter["related"] = async (claim, client) => {
  const classes = await client.list({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass" }, undefined);
  const name = text(claim, "spec", "storageClassName");
  return classes.filter((entry) => text(entry, "metadata", "name") === name);
};

const AWAITERS: Record<string, Awaiter> = {
  "/Namespace": { readiness: namespaceReadiness },
  "/PersistentVolumeClaim": { readiness: volumeClaimReadiness, related: storageClassOf },
  "/Pod": { readiness: podReadiness },
  "/Service": { readiness: serviceReadiness, related: slicesOf },
  "apiextensions.k8s.io/CustomResourceDefinition": { readiness: definitionReadiness },
  "apps/DaemonSet": { readiness: daemonSetReadiness, related: podsOf },
  "apps/Deployment": { readiness: deploymentReadiness, related: podsOf },
  "apps/StatefulSet": { readiness: statefulSetReadiness, related: podsOf },
  "batch/Job": { readiness: jobReadiness, related: podsOf },
};

export function awaiterOf({ apiVersion, kind }: ObjectKind): Awaiter | undefined {
  return AWAITERS[`${groupOf(apiVersion)}/${kind}`];
}
