import type { PolicyComplianceFramework, ResourceValidationPolicy } from "@pulumi/policy";
import { FRAMEWORKS, type Control, type Level, type Reference } from "../controls/control";

/** The mildest level of all stack kinds: whether the stack is dev or prod is only known when it is checked. */
export function servedLevel(control: Control): Level {
  return Object.values(control.enforcement).includes("advisory") ? "advisory" : "mandatory";
}

type Description = Omit<ResourceValidationPolicy, "validateResource" | "remediateResource">;

/** All of a policy but the code: what the SDK, the CLI and Pulumi Cloud show of a control. */
export function describe(control: Control): Description {
  const [first] = control.references;
  return {
    name: control.id,
    displayName: control.title,
    description: control.what,
    enforcementLevel: servedLevel(control),
    severity: control.severity,
    ...(first ? { framework: frameworkOf(first) } : {}),
    tags: control.references.map(tagOf),
    remediationSteps: control.remediation.map((step, index) => `${String(index + 1)}. ${step}`).join("\n"),
    url: `docs/policies/${control.id}.md`,
  };
}

function frameworkOf(reference: Reference): PolicyComplianceFramework {
  const { version, specification } = FRAMEWORKS[reference.framework];
  return { name: reference.framework, version, reference: reference.id, specification };
}

function tagOf(reference: Reference): string {
  return `${FRAMEWORKS[reference.framework].tag}:${reference.id}${reference.ours ? " (ours)" : ""}`;
}
