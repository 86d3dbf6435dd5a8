import { ephemeralStorage, resources } from "../controls/workloads";
import type { Field } from "../lib/accessor";
import type { Report } from "../lib/report";
import { podRule, type Rule } from "../lib/rule";
import type { Container, PodTemplate } from "../lib/workloads";
import { eachContainer } from "./podSecurity/fields";

/** Where each figure may come from: the API server takes a missing request from the limit. */
const FIGURES = [
  { what: "request cpu", fields: ["requests.cpu", "limits.cpu"] },
  { what: "request memory", fields: ["requests.memory", "limits.memory"] },
  { what: "limit memory", fields: ["limits.memory"] },
] as const;

const cpuAndMemory = podRule(resources, (pod, report) => {
  eachSizedContainer(pod, report, ({ field, label }) => {
    const missing = FIGURES.filter(({ fields }) => !isSet([field.at("resources"), pod.spec.at("resources")], fields));
    if (missing.length === 0) return;
    const what = missing.map((figure) => figure.what).join(", ");
    const paths = missing.map(({ fields: [path] }) => `resources.${path}`).join(", ");
    report.violation(field.at("resources"), `does not ${what} (${label})`, `set ${paths}`);
  });
});

/** The first of the paths that is set decides: an explicit request of 0 is not saved by a limit. */
function isSet(holders: readonly Field[], paths: readonly string[]): boolean {
  return holders.some((holder) => {
    const set = paths.map((path) => holder.at(...path.split("."))).find((field) => field.present());
    return set !== undefined && isQuantity(set);
  });
}

function isQuantity(field: Field): boolean {
  const text = field.scalar();
  return text !== undefined && /^[0-9.]+([eE][0-9]+|[numkKMGTPE]i?)?$/.test(text) && !/^[0.]+([^0-9.].*)?$/.test(text);
}

/** Ephemeral containers cannot have resources. */
function eachSizedContainer(pod: PodTemplate, report: Report, check: (container: Container) => void): void {
  eachContainer(pod, report, (container) => {
    if (container.kind !== "ephemeralContainers") check(container);
  });
}

const scratchSpace = podRule(ephemeralStorage, (pod, report) => {
  eachSizedContainer(pod, report, ({ field, label }) => {
    const limit = field.at("resources", "limits", "ephemeral-storage");
    if (!isQuantity(limit))
      report.violation(limit, `is not set (${label})`, "set it to what the program writes at most");
  });
  report.attempt(() => {
    for (const volume of pod.spec.at("volumes").items()) {
      report.attempt(() => {
        const directory = volume.at("emptyDir");
        // A volume without any source becomes an emptyDir.
        const isDirectory = directory.present() || volume.keys().every((key) => key === "name");
        if (!isDirectory || isQuantity(directory.at("sizeLimit"))) return;
        report.violation(directory.at("sizeLimit"), "is not set", "set it to what the program writes at most");
      });
    }
  });
});

export const resourceRules: Rule[] = [cpuAndMemory, scratchSpace];
