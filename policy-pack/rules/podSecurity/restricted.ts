import { nonRoot, noEscalation, nonRootUser, volumeTypes } from "../../controls/podSecurity";
import { podRule, type Rule } from "../../lib/rule";
import { eachContainer, eachSecurityContext, hasUserNamespace, isWindows } from "./fields";
import { reportOnce } from "./kernel";

const ALLOWED_VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

const volumesOfAllowedTypes = podRule(volumeTypes, ({ spec }, report) => {
  for (const volume of spec.at("volumes").items()) {
    report.attempt(() => {
      // The type is the name of the field that is set: its content may be unknown.
      const types = volume.keys().filter((key) => key !== "name" && volume.at(key).mayBePresent);
      // A volume without any source becomes an emptyDir.
      if (types.length === 0 || types.some((type) => ALLOWED_VOLUMES.includes(type))) return;
      // hostPath is the finding of a control of its own, at both levels.
      if (types.includes("hostPath")) return;
      report.violation(volume, `is of type ${types.join(", ")}`, `use one of ${ALLOWED_VOLUMES.join(", ")}`);
    });
  }
});

const escalationOff = podRule(noEscalation, (pod, report) => {
  if (isWindows(pod)) return;
  eachContainer(pod, report, (container) => {
    const field = container.field.at("securityContext", "allowPrivilegeEscalation");
    const value = field.boolean();
    if (value === false) return;
    report.violation(field, `${value ? "is true" : "is not set"} (${container.label})`, "set it to false");
  });
});

const runsAsNonRoot = podRule(nonRoot, (pod, report, { podSecurityMinor }) => {
  if (hasUserNamespace(pod, podSecurityMinor)) return;
  const own = pod.spec.at("securityContext", "runAsNonRoot");
  const ofPod = report.attempt(() => own.boolean());
  if (ofPod === false) report.violation(own, "is false", "set it to true");
  const uncovered: string[] = [];
  eachContainer(pod, report, ({ field: container, label }) => {
    const field = container.at("securityContext", "runAsNonRoot");
    const value = field.boolean();
    if (value === undefined) uncovered.push(label);
    if (value === false)
      report.violation(field, `is false (${label})`, "set it to true, or remove it and set it for the pod");
  });
  if (ofPod === undefined && uncovered.length > 0) {
    reportOnce(pod, "runAsNonRoot", uncovered, "set it to true for the pod", report);
  }
});

const userIsNotRoot = podRule(nonRootUser, (pod, report, { podSecurityMinor }) => {
  if (hasUserNamespace(pod, podSecurityMinor)) return;
  eachSecurityContext(pod, report, ({ field: context, label }) => {
    const field = context.at("runAsUser");
    if (field.number() === 0)
      report.violation(field, `is 0, the root user${label}`, "use the uid of a user without privileges");
  });
});

export const restrictedRules: Rule[] = [volumesOfAllowedTypes, escalationOff, runsAsNonRoot, userIsNotRoot];
