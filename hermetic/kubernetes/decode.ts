import { parseAllDocuments, type Tags } from "yaml";
import { isObject, type Json, type JsonObject } from "../protocol/values";
import { list, text } from "./objects";

/* Kubernetes reads YAML 1.1 (`0644` is octal) but knows neither its dates nor its base-60 numbers. */
const NOT_IN_KUBERNETES = ["tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:binary"];

const kubernetesTags = (tags: Tags): Tags =>
  tags.filter(
    (tag) =>
      typeof tag === "string" || !(NOT_IN_KUBERNETES.includes(tag.tag) || ("format" in tag && tag.format === "TIME")),
  );

/** The objects of a manifest, Lists taken apart. */
export function decodeYaml(source: string): JsonObject[] {
  const documents = parseAllDocuments(source, { version: "1.1", merge: true, customTags: kubernetesTags });
  return (Array.isArray(documents) ? documents : []).flatMap((document, i) => {
    const [problem] = document.errors;
    if (problem) throw new Error(`document ${String(i + 1)} of the manifest is not YAML: ${problem.message}`);
    return objectsOf(document.toJS() as Json, i);
  });
}

function objectsOf(value: Json, i: number): JsonObject[] {
  if (value === null) return [];
  if (!isObject(value)) throw new Error(`document ${String(i + 1)} of the manifest is not a Kubernetes object`);
  if ((text(value, "kind") ?? "").endsWith("List") && Array.isArray(value.items)) {
    return list(value, "items").flatMap((item) => objectsOf(item, i));
  }
  return [value];
}
