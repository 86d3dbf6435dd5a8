import { deepFreeze, type DeepReadonly } from "./freeze";
import { ConfigError, type Problem } from "./problem";
import { checkKeys } from "./keys";
import { RULES } from "./rules/index";
import { keyOf, SECRET_KEYS, SECTION_NAMES, SECTIONS, type Section, type Sections } from "./schema/index";
import { translate } from "./translate";
import { warningsOf } from "./warnings";

/** A stack's configuration as it was written: parsed values by full key, and which keys are secret. */
export interface ConfigSource {
  readonly project: string;
  readonly stack: string;
  /** Values by full key (`fhir-landing-zone:cluster`), without those of secret keys. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Full keys that are set as secrets. */
  readonly secretKeys: readonly string[];
  /** @default now; exemptions end at most 180 days after it */
  readonly today?: Date;
}

/** A valid configuration: every default filled in, nothing to be checked again, nothing that can be changed. */
export type LandingZoneConfig = DeepReadonly<
  Omit<
    Sections,
    "gcpProject" | "gcpRegion" | "stackKind" | "exemptions" | "podSecurityVersion" | "registries" | "podTemplatePaths"
  > & {
    stack: string;
    gcp: { project: string | undefined; region: string | undefined };
    policy: Pick<Sections, "stackKind" | "exemptions" | "podSecurityVersion" | "registries" | "podTemplatePaths">;
    /** Which secrets are set; `readStackConfig` hands them over as Outputs. */
    secrets: { kubeconfig: boolean; vaultToken: boolean };
    /** What is allowed but should be looked at, for instance a placeholder that nobody replaced. */
    warnings: string[];
  }
>;

/** Where the rules of a loaded configuration look at. */
export interface RuleContext {
  readonly secretKeys: readonly string[];
  readonly today: Date;
}

/**
 * Checks a stack's whole configuration.
 *
 * @throws ConfigError naming everything that is wrong at once. A rule between sections is checked as soon as the
 * sections that it looks at are valid by themselves.
 */
export function loadConfig(source: ConfigSource): LandingZoneConfig {
  const problems: Problem[] = checkKeys(source);
  const valid: Partial<Sections> = {};
  for (const section of SECTION_NAMES) {
    if (source.secretKeys.includes(keyOf(section))) continue; // reported by checkKeys
    problems.push(...parseSection(section, source.values[keyOf(section)], valid));
  }
  const context: RuleContext = { secretKeys: source.secretKeys, today: source.today ?? new Date() };
  for (const { needs, check } of RULES) {
    if (needs.every((section) => section in valid)) problems.push(...check(valid as Sections, context));
  }
  if (problems.length > 0) throw new ConfigError(source.stack, problems);
  return deepFreeze(assemble(source, valid as Sections));
}

function parseSection(section: Section, given: unknown, valid: Partial<Sections>): Problem[] {
  const result = SECTIONS[section].safeParse(given);
  if (!result.success) return result.error.issues.flatMap((issue) => translate(section, given, issue));
  Object.assign(valid, { [section]: result.data });
  return [];
}

function assemble({ stack, secretKeys }: ConfigSource, sections: Sections): LandingZoneConfig {
  const { gcpProject, gcpRegion, stackKind, exemptions, podSecurityVersion, registries, podTemplatePaths, ...rest } =
    sections;
  const [kubeconfig, vaultToken] = Object.keys(SECRET_KEYS);
  return {
    ...rest,
    stack,
    gcp: { project: gcpProject, region: gcpRegion },
    policy: { stackKind, exemptions, podSecurityVersion, registries, podTemplatePaths },
    secrets: { kubeconfig: secretKeys.includes(kubeconfig ?? ""), vaultToken: secretKeys.includes(vaultToken ?? "") },
    warnings: warningsOf(sections),
  };
}
