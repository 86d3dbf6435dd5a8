import { ArgumentError } from "../argumentError";
import { titleOf, type KubernetesObject } from "./object";

/** What becomes of a helm hook: it is left out, or it is a resource like any other. */
export type HookHandling = "drop" | "resource";

const HOOK = "helm.sh/hook";

/**
 * Hooks run at moments of helm's, which there are none of here. So each must be dealt with by name (`Job/migrate`) or by its
 * moment (`post-install`); the name goes first.
 */
export function withoutHooks(
  chart: string,
  objects: readonly KubernetesObject[],
  handling: Readonly<Record<string, HookHandling>>,
): KubernetesObject[] {
  const undeclared: string[] = [];
  const used = new Set<string>();
  const kept = objects.flatMap((object) => {
    const moments = object.metadata.annotations?.[HOOK]?.split(",").map((moment) => moment.trim());
    if (!moments) return [object];
    const key = [titleOf(object), ...moments].find((candidate) => candidate in handling);
    if (key === undefined) {
      undeclared.push(`${titleOf(object)} (${moments.join(", ")})`);
      return [];
    }
    used.add(key);
    return handling[key] === "resource" ? [asResource(object)] : [];
  });
  if (undeclared.length > 0) throw undeclaredHooks(chart, undeclared.sort());
  const stale = Object.keys(handling).filter((key) => key.includes("/") && !used.has(key));
  if (stale.length > 0) throw staleHooks(chart, stale);
  return kept;
}

function asResource(object: KubernetesObject): KubernetesObject {
  const annotations = Object.entries(object.metadata.annotations ?? {}).filter(([name]) => !name.startsWith(HOOK));
  return { ...object, metadata: { ...object.metadata, annotations: Object.fromEntries(annotations) } };
}

function undeclaredHooks(chart: string, undeclared: readonly string[]): ArgumentError {
  return new ArgumentError({
    where: `chart "${chart}"`,
    argument: "hooks",
    problem: `says nothing about ${undeclared.join(", ")}`,
    given: undeclared,
    allowed: '"drop" or "resource" for each, by Kind/name or by moment',
    fix: "read what the hook does; drop what only tests or cleans up, make a resource of what the chart needs",
  });
}

function staleHooks(chart: string, stale: readonly string[]): ArgumentError {
  return new ArgumentError({
    where: `chart "${chart}"`,
    argument: "hooks",
    problem: "names hooks that the chart does not render",
    given: stale,
    allowed: "hooks that are there",
    fix: "remove them, or look for their new names",
  });
}
