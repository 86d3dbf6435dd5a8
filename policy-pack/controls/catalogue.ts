import type { Control } from "./control";
import { podSecurityControls } from "./podSecurity";
import { stackControls } from "./stack";
import { workloadControls } from "./workloads";

/** Every control of the pack. Policies, reference pages and reports are made from these entries. */
export const catalogue: readonly Control[] = [...podSecurityControls, ...workloadControls, ...stackControls].sort(
  (a, b) => (a.id < b.id ? -1 : 1),
);

export const exemptableControls: ReadonlySet<string> = new Set(
  catalogue.filter(({ exemptable }) => exemptable !== false).map(({ id }) => id),
);
