import type { ReportViolation } from "@pulumi/policy";
import type { Control, Level } from "../controls/control";
import { readOr } from "./accessor";
import { servedLevel } from "./describe";
import type { Exemptions, Subject } from "./exemptions";
import type { KubernetesObject, ResourceView } from "./objects";
import type { Finding } from "./report";
import type { Settings } from "./settings";

export interface Emission {
  resource?: ResourceView;
  settings: Settings;
  exemptions: Exemptions;
  reportViolation: ReportViolation;
}

/** Passes findings on to the engine, but for those that an exemption covers. */
export function emit(control: Control, findings: readonly Finding[], emission: Emission): void {
  const { resource, settings, exemptions, reportViolation } = emission;
  const raise = control.enforcement[settings.stackKind] === "mandatory" && servedLevel(control) !== "mandatory";
  for (const finding of findings) {
    if (control.exemptable !== false && exemptions.cover(control.id, subjectOf(finding, resource))) continue;
    // In a resource policy the engine knows the resource itself.
    const urn = resource ? undefined : finding.resource?.urn;
    if (raise) mandatory(reportViolation, { message: `${control.what}\n${finding.message}`, urn });
    else reportViolation(finding.message, urn);
  }
}

/**
 * Reports one violation as mandatory, though the policy itself is served as advisory. The server of the SDK takes an
 * object for that, which its types do not show. A level is only ever raised: what somebody configured for the policy
 * to be stricter than this stays.
 */
function mandatory(reportViolation: ReportViolation, violation: { message: string; urn: string | undefined }): void {
  const report = reportViolation as unknown as (violation: object) => void;
  report({ ...violation, enforcementLevel: "mandatory" satisfies Level });
}

function subjectOf(finding: Finding, fallback: ResourceView | undefined): Subject {
  const resource = finding.resource ?? fallback;
  const object = finding.object;
  return {
    urn: resource?.urn ?? "",
    resourceName: resource?.name ?? "",
    objectName: object && readOr(undefined, () => object.name.string()),
    namespace: finding.namespace ?? (object && readOr(undefined, () => namespaceOf(object))),
  };
}

function namespaceOf(object: KubernetesObject): string | undefined {
  return object.is("Namespace", "") ? object.name.string() : object.namespace.string();
}
