import { readFileSync } from "node:fs";
import { sourceOfStackFile, type ConfigSource } from "../../../config/index";

export const STACKS = ["local", "dev", "prod"] as const;
export const TODAY = new Date("2026-11-21T12:00:00Z");

type Tree = Record<string, unknown>;

/** What a committed stack file says. */
export function stackSource(stack: (typeof STACKS)[number]): ConfigSource {
  const text = readFileSync(`Pulumi.${stack}.yaml`, "utf8");
  return { ...sourceOfStackFile("fhir-landing-zone", stack, text), today: TODAY };
}

/** The `prod` stack as a starting point for one change. */
export const prod = () => stackSource("prod");
export const local = () => stackSource("local");
export const dev = () => stackSource("dev");

const full = (key: string) => (key.includes(":") ? key : `fhir-landing-zone:${key}`);

/** A copy with one value set: `cluster.nodePool.minPerZone`; undefined removes it. Figures are indices. */
export function set(source: ConfigSource, path: string, value: unknown): ConfigSource {
  const [key = "", ...rest] = path.split(/\.(?![^:]*:)/);
  const values = structuredClone(source.values) as Tree;
  let parent: Tree = values;
  let last = full(key);
  for (const part of rest) {
    parent = (parent[last] ??= {}) as Tree;
    last = part;
  }
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return { ...source, values };
}

export const secret = (source: ConfigSource, ...keys: string[]): ConfigSource => ({
  ...source,
  secretKeys: [...source.secretKeys, ...keys.map(full)],
});
