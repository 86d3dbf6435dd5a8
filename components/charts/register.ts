import * as pulumi from "@pulumi/pulumi";
import { groupOf, identityOf, type KubernetesObject } from "./object";
import { isDefinition, isNamespace } from "./order";
import { registerObject } from "./resource";

/** Objects in order, each registered with what it needs before it. */
export interface Registered {
  readonly object: KubernetesObject;
  readonly resource: pulumi.CustomResource;
}

/** `eso-deployment-external-secrets/webhook`: `/` is in no namespace and no name, so that two never share a name. */
export function resourceName(prefix: string, { kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${prefix}-${kind.toLowerCase()}-${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** What an object can't be created without: the definition of its kind and its namespace, where they are among the objects. */
export function needs(object: KubernetesObject, others: readonly KubernetesObject[]): KubernetesObject[] {
  return others.filter((other) => {
    if (isNamespace(other)) return object.metadata.namespace === other.metadata.name;
    if (!isDefinition(other)) return false;
    const { group, names } = other.spec as { group: string; names: { kind: string } };
    return group === groupOf(object) && names.kind === object.kind;
  });
}

/** Registers objects as children of `opts.parent`. They must be in order: nothing before what it needs. */
export function registerObjects(
  prefix: string,
  objects: readonly KubernetesObject[],
  opts: pulumi.CustomResourceOptions,
): Registered[] {
  const registered = new Map<string, pulumi.CustomResource>();
  const before = dependencies(opts.dependsOn);
  return objects.map((object) => {
    const own = needs(object, objects).map((other) => registered.get(identityOf(other)));
    const dependsOn = [...before, ...own.filter((resource) => resource !== undefined)];
    const resource = registerObject(resourceName(prefix, object), object, { ...opts, dependsOn });
    registered.set(identityOf(object), resource);
    return { object, resource };
  });
}

/** Children don't inherit `dependsOn` of their component. */
export function dependencies(dependsOn: pulumi.ResourceOptions["dependsOn"]): pulumi.Input<pulumi.Resource>[] {
  if (dependsOn === undefined) return [];
  if (Array.isArray(dependsOn)) return dependsOn;
  if (pulumi.Resource.isInstance(dependsOn)) return [dependsOn];
  throw new TypeError(
    "dependsOn of charts must be a resource or a list of resources: a list inside an Output hides the order",
  );
}
