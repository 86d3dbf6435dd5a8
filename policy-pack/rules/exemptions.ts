import { listedExemptions, usedExemptions, validExemptions, validSettings } from "../controls/stack";
import type { Exemption } from "../lib/exemptions";
import { stackRule, type Rule } from "../lib/rule";

const completeAndInDate = stackRule(validExemptions, {
  check(_, report, { exemptions }) {
    for (const { index, control, problem } of exemptions.rejected) {
      report.violation(
        `policy:exemptions[${String(index)}]`,
        `for ${control} ${problem}`,
        "correct the entry or remove it",
      );
    }
  },
});

const needed = stackRule(usedExemptions, {
  check(_, report, { exemptions }) {
    for (const exemption of exemptions.active.filter((candidate) => exemptions.usersOf(candidate).size === 0)) {
      report.violation(
        "",
        `the exemption from ${describe(exemption)} covers nothing in this stack`,
        "remove it, or correct its selectors",
      );
    }
  },
});

const listed = stackRule(listedExemptions, {
  check(_, report, { exemptions }) {
    for (const exemption of exemptions.active) {
      const users = exemptions.usersOf(exemption).size;
      report.violation(
        "",
        `${describe(exemption)}, owner ${exemption.owner}, until ${exemption.expires}, covers ${count(users)}: ${exemption.reason}`,
        `make it unnecessary before ${exemption.expires}`,
      );
    }
  },
});

function describe({ control, resource, namespace }: Exemption): string {
  const selectors = [resource && `resource ${resource}`, namespace && `namespace ${namespace}`].filter(Boolean);
  return `${control} for ${selectors.join(" in ")}`;
}

const count = (users: number): string => (users === 1 ? "1 resource" : `${String(users)} resources`);

const settingsAreValid = stackRule(validSettings, {
  check(_, report, { settings }) {
    for (const { key, problem, fix } of settings.problems)
      report.violation(`policy:${key}`, `is wrong: ${problem}`, fix);
  },
});

/** Last of all: they report on what the others made of the exemptions. */
export const exemptionRules: Rule[] = [settingsAreValid, completeAndInDate, needed, listed];
