import type { PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Control } from "../controls/control";
import { describe } from "./describe";
import { emit } from "./emit";
import type { Exemptions } from "./exemptions";
import { objectsOf, type KubernetesObject, type ResourceView } from "./objects";
import { Report } from "./report";
import type { Settings } from "./settings";
import { podTemplatesOf, type PodTemplate } from "./workloads";

/** What every rule shares within one run of the pack. */
export interface Run {
  settings(stackTags: ReadonlyMap<string, string>): Settings;
  exemptions(stackTags: ReadonlyMap<string, string>): Exemptions;
  /**
   * What the resources of this run were asked to be, by URN. Stack policies get to see outputs instead, and with a
   * cluster that does not exist yet those are empty.
   */
  inputs: Map<string, ResourceView>;
}

/** A control bound to the code that checks it; `build` makes the policy that the SDK serves. */
export interface Rule {
  control: Control;
  build(run: Run): ResourceValidationPolicy | StackValidationPolicy;
}

interface ObjectRule {
  /** What the rule looks at, for the reason given when it does not apply. */
  subject: string;
  applies(object: KubernetesObject, settings: Settings): boolean;
  check(object: KubernetesObject, report: Report, settings: Settings): void;
}

/** A rule about single Kubernetes objects. */
export function objectRule(control: Control, rule: ObjectRule): Rule {
  return resourceRule(control, {
    subject: rule.subject,
    check(resource, report, settings) {
      // An object of which it cannot be told whether the rule applies is a finding of the rule.
      const applicable = objectsOf(resource).filter((object) =>
        report.about(object, () => report.attemptOr(true, () => rule.applies(object, settings))),
      );
      for (const object of applicable) {
        report.about(object, () => {
          report.attempt(() => {
            rule.check(object, report, settings);
          });
        });
      }
      return applicable.length > 0;
    },
  });
}

/** A rule about the pods that a workload runs, whatever kind embeds them. */
export function podRule(
  control: Control,
  check: (pod: PodTemplate, report: Report, settings: Settings) => void,
  isOn: (settings: Settings) => boolean = () => true,
): Rule {
  return resourceRule(control, {
    subject: "workloads",
    check(resource, report, settings) {
      if (!isOn(settings)) return false;
      const pods = objectsOf(resource).flatMap((object) =>
        report.about(object, () => report.attemptOr([], () => podTemplatesOf(object, settings.podTemplatePaths))),
      );
      for (const pod of pods) {
        report.about(pod.object, () => {
          report.attempt(() => {
            check(pod, report, settings);
          });
        });
      }
      return pods.length > 0;
    },
  });
}

interface ResourceRule {
  subject: string;
  /** Returns whether the rule applies to the resource at all. */
  check(resource: ResourceView, report: Report, settings: Settings): boolean;
}

/** A rule about one resource of the program. */
export function resourceRule(control: Control, rule: ResourceRule): Rule {
  const build = (run: Run): ResourceValidationPolicy => ({
    ...describe(control),
    validateResource(args, reportViolation) {
      if (!run.inputs.has(args.urn)) run.inputs.set(args.urn, args);
      const settings = run.settings(args.stackTags);
      const report = new Report();
      const applies = report.attemptOr(true, () => rule.check(args, report, settings));
      const { findings } = report;
      if (!applies && findings.length === 0) {
        args.notApplicable(`${control.id} is about ${rule.subject}; ${args.type} is none`);
      }
      emit(control, findings, {
        resource: args,
        settings,
        exemptions: run.exemptions(args.stackTags),
        reportViolation,
      });
    },
  });
  return { control, build };
}

interface StackRule {
  check(resources: PolicyResource[], report: Report, context: { settings: Settings; exemptions: Exemptions }): void;
}

/** A rule that looks at all the resources of a stack together. Findings name the resource that they are about. */
export function stackRule(control: Control, rule: StackRule): Rule {
  const build = (run: Run): StackValidationPolicy => ({
    ...describe(control),
    validateStack(args, reportViolation) {
      const settings = run.settings(args.stackTags);
      const exemptions = run.exemptions(args.stackTags);
      const report = new Report();
      report.attempt(() => {
        const resources = args.resources.map((resource) => ({ ...resource, ...asked(run, resource.urn) }));
        rule.check(resources, report, { settings, exemptions });
      });
      emit(control, report.findings, { settings, exemptions, reportViolation });
    },
  });
  return { control, build };
}

function asked(run: Run, urn: string): Partial<Pick<PolicyResource, "props" | "provider">> {
  const inputs = run.inputs.get(urn);
  if (!inputs) return {};
  return { props: inputs.props, provider: inputs.provider as PolicyResource["provider"] };
}
