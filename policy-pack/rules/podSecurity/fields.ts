import { readOr, type Field } from "../../lib/accessor";
import type { Report } from "../../lib/report";
import { CONTAINER_KINDS, containersOf, type Container, type PodTemplate } from "../../lib/workloads";

/** Calls `check` for every container of every kind; what is unreadable in one does not keep it from the others. */
export function eachContainer(pod: PodTemplate, report: Report, check: (container: Container) => void): void {
  for (const kind of CONTAINER_KINDS) {
    report.attempt(() => {
      for (const container of containersOf(pod, kind)) {
        report.attempt(() => {
          check(container);
        });
      }
    });
  }
}

/** A security context and whose it is, for the controls that look at pod and containers alike. */
export interface SecurityContext {
  field: Field;
  /** Empty for the pod's own. */
  label: string;
}

export function eachSecurityContext(pod: PodTemplate, report: Report, check: (context: SecurityContext) => void): void {
  report.attempt(() => {
    check({ field: pod.spec.at("securityContext"), label: "" });
  });
  eachContainer(pod, report, ({ field, label }) => {
    check({ field: field.at("securityContext"), label: ` (${label})` });
  });
}

/** Windows pods cannot set the Linux fields of the restricted level, which therefore does not ask for them. */
export function isWindows(pod: PodTemplate): boolean {
  return readOr(undefined, () => pod.spec.at("os", "name").string()) === "windows";
}

/** From 1.35 on, root inside a user namespace is no root outside: some controls then do not apply. */
export function hasUserNamespace(pod: PodTemplate, podSecurityMinor: number): boolean {
  return podSecurityMinor >= 35 && readOr(undefined, () => pod.spec.at("hostUsers").boolean()) === false;
}

export function quoted(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(", ");
}
