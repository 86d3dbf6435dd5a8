import type { Policies } from "@pulumi/policy";
import { exemptableControls } from "./controls/catalogue";
import { Exemptions } from "./lib/exemptions";
import type { Rule, Run } from "./lib/rule";
import { parseSettings, type Settings } from "./lib/settings";
import { exemptionRules } from "./rules/exemptions";
import { imageRules } from "./rules/images";
import { namespaceRules } from "./rules/namespaces";
import { noAllowAll } from "./rules/network/allowAll";
import { denyByDefault } from "./rules/network/defaultDeny";
import { opaqueRules } from "./rules/opaque";
import { hostRules } from "./rules/podSecurity/host";
import { kernelRules } from "./rules/podSecurity/kernel";
import { restrictedRules } from "./rules/podSecurity/restricted";
import { resourceRules } from "./rules/resources";
import { secretRules } from "./rules/secrets";
import { serviceAccountRules } from "./rules/serviceAccounts";

/** Every rule of the pack, in the order in which they run. */
export const rules: readonly Rule[] = [
  ...hostRules,
  ...kernelRules,
  ...restrictedRules,
  ...imageRules,
  ...resourceRules,
  ...serviceAccountRules,
  ...namespaceRules,
  ...secretRules,
  noAllowAll,
  ...opaqueRules,
  denyByDefault,
  ...exemptionRules,
];

export interface PackOptions {
  /** @default the stack's configuration, as the engine hands it to the process */
  pulumiConfig?: () => string | undefined;
  /** @default now */
  today?: () => Date;
  /** @default the settings as they are; tests of single levels change them */
  adjust?: (settings: Settings) => Settings;
}

interface Known {
  key: string;
  settings: Settings;
  exemptions: Exemptions;
}

/**
 * The policies of one run. They share what they learn about exemptions, so a run of its own needs policies of its own.
 * The configuration is read when the first resource arrives: some engines hand it over only after the pack has started.
 */
export function createPolicies(options: PackOptions = {}): Policies {
  const {
    pulumiConfig = () => process.env.PULUMI_CONFIG,
    today = () => new Date(),
    adjust = (settings: Settings): Settings => settings,
  } = options;
  let known: Known | undefined;
  const current = (stackTags: ReadonlyMap<string, string>): Known => {
    const config = pulumiConfig();
    const key = `${stackTags.get("policy:stackKind") ?? ""} ${config ?? ""}`;
    if (known?.key === key) return known;
    const settings = adjust(parseSettings(config, stackTags));
    const exemptions = new Exemptions(settings.exemptions, exemptableControls, today());
    known = { key, settings, exemptions };
    return known;
  };
  const run: Run = {
    settings: (stackTags) => current(stackTags).settings,
    exemptions: (stackTags) => current(stackTags).exemptions,
    inputs: new Map(),
  };
  return rules.map((rule) => rule.build(run));
}
