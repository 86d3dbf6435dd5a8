import { z } from "zod";
import { SECTION_NAMES, SECTIONS, type Section } from "./schema/index";

/** The part of JSON Schema that our schemas use, with the metadata that hangs on them. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly allowed?: string;
  readonly fix?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
}

const nodes = new Map<Section, SchemaNode>();

/** The schema of a section as data: the documentation and the error texts are both read from it. */
export function sectionNode(section: Section): SchemaNode {
  let node = nodes.get(section);
  if (!node) nodes.set(section, (node = z.toJSONSchema(SECTIONS[section], { io: "input" }) as SchemaNode));
  return node;
}

export function allSections(): readonly (readonly [Section, SchemaNode])[] {
  return SECTION_NAMES.map((section) => [section, sectionNode(section)] as const);
}

/** The schema of what is at a path of a value; the value decides between alternatives. */
export function nodeAt(node: SchemaNode, path: readonly PropertyKey[], value: unknown): SchemaNode | undefined {
  const chosen = alternative(node, value);
  const [part, ...rest] = path;
  if (part === undefined) return chosen;
  const next = step(chosen, part);
  return next && nodeAt(next, rest, child(value, part));
}

export function child(value: unknown, part: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined;
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(child, value);
}

function step(node: SchemaNode, part: PropertyKey): SchemaNode | undefined {
  if (typeof part === "number") return node.items;
  const property = node.properties?.[String(part)];
  if (property) return property;
  return typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
}

/** Of several alternatives the one whose constants the value has. */
function alternative(node: SchemaNode, value: unknown): SchemaNode {
  const fitting = node.oneOf?.find((option) =>
    Object.entries(option.properties ?? {}).some(
      ([key, { const: fixed }]) => fixed !== undefined && fixed === child(value, key),
    ),
  );
  return fitting ?? node;
}

/** What a schema allows, in words. */
export function allowedBy(node: SchemaNode): string {
  if (node.allowed !== undefined) return node.allowed;
  if (node.const !== undefined) return JSON.stringify(node.const).replaceAll('"', "");
  if (node.enum) return node.enum.join(", ");
  if (node.oneOf) return `one of the kinds ${discriminators(node).join(", ")}`;
  if (node.type === "integer") return `a whole number ${range(node)}`;
  if (node.type === "boolean") return "true or false";
  if (node.type === "array")
    return node.minItems === undefined ? "a list" : `a list of at least ${String(node.minItems)}`;
  if (node.type !== "object") return `a ${node.type ?? "value"}`;
  const names = Object.keys(node.properties ?? {});
  return names.length > 0 ? `an object with ${names.join(", ")}` : "an object of names and values";
}

function range({ minimum, maximum }: SchemaNode): string {
  return `from ${String(minimum ?? "any")} to ${String(maximum ?? "any")}`;
}

/** The values by which the alternatives of a union are told apart. */
export function discriminators(node: SchemaNode): string[] {
  return (node.oneOf ?? []).flatMap((option) => {
    const fixed = Object.entries(option.properties ?? {}).find(
      ([key, { const: value }]) => isTag(key) && value !== undefined,
    );
    return fixed ? [String(fixed[1].const)] : [];
  });
}

export const isTag = (key: string) => key === "provider" || key === "kind";
