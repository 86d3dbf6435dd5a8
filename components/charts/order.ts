import { identityOf, type KubernetesObject } from "./object";

export const isDefinition = ({ kind, apiVersion }: KubernetesObject): boolean =>
  kind === "CustomResourceDefinition" && apiVersion.startsWith("apiextensions.k8s.io/");

export const isNamespace = ({ kind, apiVersion }: KubernetesObject): boolean =>
  kind === "Namespace" && apiVersion === "v1";

const rank = (object: KubernetesObject): number => (isDefinition(object) ? 0 : isNamespace(object) ? 1 : 2);

/** Definitions first, namespaces next, then the rest by what they are: the same for the same set of objects. */
export function inOrder(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return [...objects].sort((one, other) => {
    const [a, b] = [identityOf(one), identityOf(other)];
    return rank(one) - rank(other) || (a < b ? -1 : a > b ? 1 : 0);
  });
}
