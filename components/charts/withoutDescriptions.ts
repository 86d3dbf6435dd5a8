import type { KubernetesObject } from "./object";

/** The part of a JSON schema in a definition that holds other schemas. */
interface Schema {
  readonly [field: string]: unknown;
}

/** A CustomResourceDefinition, as far as it is looked at here. */
export interface Definition extends KubernetesObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly [field: string]: unknown };
    readonly versions: readonly {
      readonly schema?: { readonly openAPIV3Schema?: Schema };
      readonly [field: string]: unknown;
    }[];
    readonly [field: string]: unknown;
  };
}

/** Fields whose values are schemas by name; a property may well be called `description`. */
const MAPS = ["properties", "patternProperties", "definitions", "dependencies"];
const LISTS = ["allOf", "anyOf", "oneOf"];
const SINGLE = ["items", "additionalProperties", "additionalItems", "not"];

/** A definition without the prose in its schemas. What it accepts, prunes and fills in stays the same. */
export function withoutDescriptions(definition: Definition): Definition {
  const versions = definition.spec.versions.map((version) => {
    const schema = version.schema?.openAPIV3Schema;
    return schema ? { ...version, schema: { ...version.schema, openAPIV3Schema: strip(schema) as Schema } } : version;
  });
  return { ...definition, spec: { ...definition.spec, versions } };
}

function strip(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strip);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([field]) => field !== "description");
  return Object.fromEntries(kept.map(([field, value]) => [field, inner(field, value)]));
}

function inner(field: string, value: unknown): unknown {
  if (LISTS.includes(field) || SINGLE.includes(field)) return strip(value);
  if (!MAPS.includes(field) || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, strip(schema)]));
}
