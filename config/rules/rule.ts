import type { RuleContext } from "../load";
import { joinPath, type Problem } from "../problem";
import { keyOf, type Section, type Sections } from "../schema/index";

/** A rule between fields or sections. It runs only when the sections that it looks at are valid by themselves. */
export interface Rule {
  readonly needs: readonly Section[];
  readonly check: (sections: Sections, context: RuleContext) => Problem[];
}

/** Full key of a field, for instance `at("cluster", "nodePool", "minPerZone")`. */
export const at = (section: Section, ...path: PropertyKey[]): string => joinPath(keyOf(section), path);

/** A problem if the condition holds. */
export const when = (condition: boolean, problem: () => Problem): Problem[] => (condition ? [problem()] : []);

/** fi-fhir's settings, when it is to be deployed. */
export const enabledFiFhir = ({ systems }: Sections) => (systems.fiFhir?.enabled ? systems.fiFhir : undefined);
