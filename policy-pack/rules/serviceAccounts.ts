import { accountTokenMount, defaultAccount, tokenMount } from "../controls/workloads";
import type { KubernetesObject } from "../lib/objects";
import type { Report } from "../lib/report";
import { objectRule, podRule, type Rule } from "../lib/rule";
import { podTemplatesOf } from "../lib/workloads";

const noTokenInPods = podRule(tokenMount, ({ spec }, report) => {
  const field = spec.at("automountServiceAccountToken");
  const value = field.boolean();
  if (value !== false) report.violation(field, value ? "is true" : "is not set, which means true", "set it to false");
});

const isServiceAccount = (object: KubernetesObject): boolean => object.is("ServiceAccount", "");

const noTokenByDefault = objectRule(accountTokenMount, {
  subject: "ServiceAccounts",
  applies: isServiceAccount,
  check({ root }, report) {
    const field = root.at("automountServiceAccountToken");
    const value = field.boolean();
    if (value !== false) report.violation(field, value ? "is true" : "is not set, which means true", "set it to false");
  },
});

const BINDINGS = ["RoleBinding", "ClusterRoleBinding"];
const isBinding = (object: KubernetesObject): boolean =>
  BINDINGS.some((kind) => object.is(kind, "rbac.authorization.k8s.io"));

const ownAccount = objectRule(defaultAccount, {
  subject: "workloads and role bindings",
  applies: (object, { podTemplatePaths }) => isBinding(object) || podTemplatesOf(object, podTemplatePaths).length > 0,
  check(object, report, { podTemplatePaths }) {
    if (isBinding(object)) refuseBindings(object, report);
    for (const { spec } of podTemplatesOf(object, podTemplatePaths)) {
      report.attempt(() => {
        const field = spec.at("serviceAccountName");
        // The old name of the field counts where the new one is not set.
        const name =
          [field, spec.at("serviceAccount")].map((candidate) => candidate.string() ?? "").find(Boolean) ?? "";
        if (name !== "" && name !== "default") return;
        const problem = name === "" ? "is not set, which means default" : 'is "default"';
        report.violation(field, problem, "name a ServiceAccount of the workload's own");
      });
    }
  },
});

function refuseBindings(object: KubernetesObject, report: Report): void {
  for (const subject of object.root.at("subjects").items()) {
    report.attempt(() => {
      if (subject.at("kind").string() !== "ServiceAccount") return;
      const name = subject.at("name");
      if (name.string() === "default")
        report.violation(name, 'is "default"', "bind the role to an account of the workload's own");
    });
  }
}

export const serviceAccountRules: Rule[] = [noTokenInPods, noTokenByDefault, ownAccount];
