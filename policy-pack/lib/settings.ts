import { NEWEST_POD_SECURITY_MINOR, OLDEST_POD_SECURITY_MINOR } from "./podSecurityVersions";
import type { PodTemplatePaths } from "./workloads";

export type StackKind = "dev" | "prod";

/** A setting that does not say what it means to: reported by control CFG-001. */
export interface SettingProblem {
  key: string;
  problem: string;
  fix: string;
}

/** What a stack tells the pack, from the configuration namespace `policy` of the stack. */
export interface Settings {
  /** @default "prod": a stack that does not say what it is gets the strict treatment */
  stackKind: StackKind;
  /**
   * Minor version of the Pod Security Standards.
   * @default the newest that the pack knows
   */
  podSecurityMinor: number;
  /** The level of the Pod Security Standards. Stacks cannot lower it; the pack's own tests ask for both. */
  podSecurityLevel: "baseline" | "restricted";
  /** Registries, or paths below one, that images may come from; undefined means that no list is set. */
  registries: readonly string[] | undefined;
  podTemplatePaths: PodTemplatePaths;
  /** As written: `exemptions.ts` judges it. */
  exemptions: unknown;
  problems: readonly SettingProblem[];
}

const KEYS = ["stackKind", "podSecurityVersion", "registries", "podTemplatePaths", "exemptions"] as const;
type Key = (typeof KEYS)[number];

/**
 * Reads the settings out of the stack's configuration, which the engine hands to a policy process as JSON in
 * PULUMI_CONFIG. Wrong or missing values never relax anything: the strict default holds and the problem is reported.
 */
export function parseSettings(pulumiConfig: string | undefined, stackTags?: ReadonlyMap<string, string>): Settings {
  const problems: SettingProblem[] = [];
  const config = configOf(pulumiConfig, problems);
  for (const key of config.keys()) {
    if (!(KEYS as readonly string[]).includes(key)) {
      problems.push({ key, problem: "no such setting", fix: `use one of ${KEYS.join(", ")}` });
    }
  }
  const json = (key: Key): unknown => {
    const text = config.get(key);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      problems.push({
        key,
        problem: "not valid JSON",
        fix: `set it with "pulumi config set --path" or in the stack file`,
      });
      return undefined;
    }
  };
  return {
    stackKind: stackKindOf(config.get("stackKind"), stackTags?.get("policy:stackKind"), problems),
    podSecurityMinor: minorOf(config.get("podSecurityVersion"), problems),
    podSecurityLevel: "restricted",
    registries: registriesOf(json("registries"), problems),
    podTemplatePaths: pathsOf(json("podTemplatePaths"), problems),
    exemptions: json("exemptions"),
    problems,
  };
}

function configOf(text: string | undefined, problems: SettingProblem[]): Map<string, string> {
  const config = new Map<string, string>();
  if (!text) return config;
  try {
    for (const [key, value] of Object.entries(JSON.parse(text) as Record<string, unknown>)) {
      const own = /^policy:(?:config:)?(.+)$/.exec(key)?.[1];
      if (own !== undefined) config.set(own, typeof value === "string" ? value : JSON.stringify(value));
    }
  } catch {
    problems.push({ key: "PULUMI_CONFIG", problem: "not valid JSON", fix: "report it to whoever starts the engine" });
  }
  return config;
}

/** The stricter of what the stack's configuration and its tag `policy:stackKind` say: a tag can tighten, not loosen. */
function stackKindOf(configured: string | undefined, tag: string | undefined, problems: SettingProblem[]): StackKind {
  for (const [key, value] of [["stackKind", configured] as const, ["stackKind (stack tag)", tag] as const]) {
    if (value !== undefined && value !== "dev" && value !== "prod") {
      problems.push({
        key,
        problem: `"${value}" is no kind of stack`,
        fix: 'use "dev" or "prod"; until then "prod" holds',
      });
    }
  }
  return configured === "dev" && (tag === undefined || tag === "dev") ? "dev" : "prod";
}

function minorOf(version: string | undefined, problems: SettingProblem[]): number {
  if (version === undefined || version === "latest") return NEWEST_POD_SECURITY_MINOR;
  const minor = Number(/^v?1\.(\d{1,3})$/.exec(version)?.[1] ?? NaN);
  if (minor >= OLDEST_POD_SECURITY_MINOR && minor <= NEWEST_POD_SECURITY_MINOR) return minor;
  problems.push({
    key: "podSecurityVersion",
    problem: `"${version}" is no version of the Pod Security Standards that this pack knows`,
    fix: `use 1.${String(OLDEST_POD_SECURITY_MINOR)} to 1.${String(NEWEST_POD_SECURITY_MINOR)}, in quotes, or "latest"`,
  });
  return NEWEST_POD_SECURITY_MINOR;
}

function registriesOf(value: unknown, problems: SettingProblem[]): string[] | undefined {
  if (value === undefined) return undefined;
  if (
    Array.isArray(value) &&
    value.every((entry): entry is string => typeof entry === "string" && /^[^\s*/]+(\/[^\s*/]+)*\/?$/.test(entry))
  ) {
    return value.map((entry) => entry.replace(/\/$/, ""));
  }
  problems.push({
    key: "registries",
    problem: "not a list of registries",
    fix: 'write each as host or host/path without "*", for example ["registry.k8s.io", "ghcr.io/acme"]; until then none is allowed',
  });
  return [];
}

function pathsOf(value: unknown, problems: SettingProblem[]): PodTemplatePaths {
  if (value === undefined) return {};
  const result: Record<string, string[]> = {};
  for (const [kind, paths] of typeof value === "object" && value !== null ? Object.entries(value) : [["", undefined]]) {
    if (
      /^[^/\s]+\/[^/\s]+$/.test(String(kind)) &&
      Array.isArray(paths) &&
      paths.every((path) => typeof path === "string")
    ) {
      result[String(kind)] = paths;
    } else {
      problems.push({
        key: "podTemplatePaths",
        problem: `entry "${String(kind)}" is not a list of paths`,
        fix: 'write {"group/Kind": ["spec.template"]}',
      });
    }
  }
  return result;
}
