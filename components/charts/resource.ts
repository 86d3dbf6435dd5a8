import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { groupOf, type KubernetesObject } from "./object";

type ResourceClass = new (name: string, args: unknown, opts: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** Modules of the SDK by API group; groups that are not here are custom ones. */
const MODULES: Readonly<Record<string, string>> = {
  "": "core",
  "admissionregistration.k8s.io": "admissionregistration",
  "apiextensions.k8s.io": "apiextensions",
  "apiregistration.k8s.io": "apiregistration",
  apps: "apps",
  autoscaling: "autoscaling",
  batch: "batch",
  "certificates.k8s.io": "certificates",
  "coordination.k8s.io": "coordination",
  "discovery.k8s.io": "discovery",
  "events.k8s.io": "events",
  "flowcontrol.apiserver.k8s.io": "flowcontrol",
  "networking.k8s.io": "networking",
  "node.k8s.io": "node",
  policy: "policy",
  "rbac.authorization.k8s.io": "rbac",
  "resource.k8s.io": "resource",
  "scheduling.k8s.io": "scheduling",
  "storage.k8s.io": "storage",
  "storagemigration.k8s.io": "storagemigration",
};

const inside = (value: unknown, key: string): unknown =>
  (typeof value === "object" || typeof value === "function") && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;

/** The SDK's class for a kind, so that rules for `kubernetes:apps/v1:Deployment` see it; undefined for custom kinds. */
export function classOf(object: Pick<KubernetesObject, "apiVersion" | "kind">): ResourceClass | undefined {
  const module = MODULES[groupOf(object)];
  const version = object.apiVersion.split("/").at(-1) ?? "";
  const found = module === undefined ? undefined : inside(inside(inside(kubernetes, module), version), object.kind);
  return isResourceClass(found) ? found : undefined;
}

const isResourceClass = (value: unknown): value is ResourceClass =>
  typeof value === "function" && value.prototype instanceof pulumi.CustomResource;

/** Registers one object as a plain resource. */
export function registerObject(
  name: string,
  object: KubernetesObject,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const { apiVersion, kind, ...rest } = object;
  const Typed = classOf(object);
  if (Typed) return new Typed(name, rest, opts);
  return new kubernetes.apiextensions.CustomResource(name, { apiVersion, kind, ...(rest as object) }, opts);
}
