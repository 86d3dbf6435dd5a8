import { parseAllDocuments, type Tags } from "yaml";
import { ArgumentError } from "../argumentError";

/** A Kubernetes object as plain data. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** Group of an object's apiVersion; the core group is the empty string. */
export const groupOf = ({ apiVersion }: { readonly apiVersion: string }): string =>
  apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";

/** What an object is called in messages and in `hooks`: `Job/migrate`. */
export const titleOf = ({ kind, metadata }: KubernetesObject): string => `${kind}/${metadata.name}`;

/** What makes an object itself: group, kind, namespace and name. The version of its API does not. */
export const identityOf = (object: KubernetesObject): string =>
  [groupOf(object), object.kind, object.metadata.namespace ?? "", object.metadata.name].join(" ");

/**
 * Kubernetes reads YAML 1.1: `0644` is octal and `yes` is true. But it has neither dates nor times of day, which
 * YAML 1.1 has, too: `2024-01-01` and `12:30` must stay text.
 */
const likeKubernetes = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === "string" || (tag.tag !== "tag:yaml.org,2002:timestamp" && tag.format !== "TIME"));

/** Reads a file or stream of Kubernetes objects; lists are taken apart, empty documents left out. */
export function parseObjects(where: string, text: string): KubernetesObject[] {
  const documents = parseAllDocuments(text, { version: "1.1", merge: true, customTags: likeKubernetes });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, index) => {
    const [error] = document.errors;
    if (error)
      throw wrong(
        where,
        `document ${String(index + 1)}`,
        "is not valid YAML",
        error.message,
        "YAML",
        "correct the template",
      );
    return flatten(where, document.toJS({ maxAliasCount: 10_000 }) as unknown, `document ${String(index + 1)}`);
  });
}

function flatten(where: string, value: unknown, place: string): KubernetesObject[] {
  if (value === null || value === undefined) return [];
  const object = value as Partial<KubernetesObject> & { items?: unknown };
  if (typeof object !== "object" || typeof object.apiVersion !== "string" || typeof object.kind !== "string") {
    throw wrong(
      where,
      place,
      "is no Kubernetes object",
      preview(value),
      "an object with apiVersion and kind",
      "correct the template",
    );
  }
  if (object.kind.endsWith("List") && Array.isArray(object.items)) {
    return object.items.flatMap((item, i) => flatten(where, item, `${place}, item ${String(i + 1)}`));
  }
  if (typeof object.metadata?.name !== "string" || object.metadata.name === "") {
    throw wrong(
      where,
      place,
      "has no metadata.name",
      `${object.apiVersion} ${object.kind}`,
      "a fixed name: without one every update would create another object",
      "set the name in the chart's values (generateName can't be used)",
    );
  }
  return [object as KubernetesObject];
}

const preview = (value: unknown): string => JSON.stringify(value).slice(0, 60);

function wrong(
  where: string,
  argument: string,
  problem: string,
  given: unknown,
  allowed: string,
  fix: string,
): ArgumentError {
  return new ArgumentError({ where, argument, problem, given, allowed, fix });
}

/** @throws ArgumentError when two objects are the same one: which of them would win? */
export function checkUnique(where: string, objects: readonly KubernetesObject[]): void {
  const seen = new Set<string>();
  for (const object of objects) {
    const identity = identityOf(object);
    if (seen.has(identity))
      throw wrong(
        where,
        titleOf(object),
        "is there twice",
        identity,
        "one object of that kind, namespace and name",
        "switch off one of the two in the values",
      );
    seen.add(identity);
  }
}
