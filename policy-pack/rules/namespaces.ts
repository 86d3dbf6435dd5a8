import { namespaceLabels, namespaceUse } from "../controls/workloads";
import { readOr } from "../lib/accessor";
import type { KubernetesObject } from "../lib/objects";
import type { Report } from "../lib/report";
import { objectRule, type Rule } from "../lib/rule";
import { isWorkload } from "../lib/workloads";
import { NEWEST_POD_SECURITY_MINOR } from "../lib/podSecurityVersions";

export const isSystemNamespace = (name: string): boolean => name.startsWith("kube-");

const ownNamespace = objectRule(namespaceUse, {
  subject: "namespaced objects",
  // The scope of a custom resource is not known here: without a namespace it may well have none.
  applies: (object, { podTemplatePaths }) =>
    !object.isClusterScoped &&
    !onlyRestricts(object) &&
    (object.isBuiltIn || object.namespace.mayBePresent || isWorkload(object, podTemplatePaths)),
  check(object, report) {
    const field = object.namespace;
    const name = field.string() ?? "";
    const fix = "set metadata.namespace, or namespace of the provider, to a namespace of the program";
    if (name === "")
      report.violation("metadata.namespace", "is not set, which means default or what the kubeconfig says", fix);
    else if (name === "default" || isSystemNamespace(name)) report.violation(field, `is "${name}"`, fix);
  },
});

const RESTRICTING = ["NetworkPolicy", "ResourceQuota", "LimitRange"];

/** Objects that take rights away are welcome in the namespaces of the cluster, and one binding can be nowhere else. */
function onlyRestricts(object: KubernetesObject): boolean {
  if (!object.namespace.mayBePresent) return false;
  if (object.isBuiltIn && object.kinds.every((kind) => RESTRICTING.includes(kind))) return true;
  return readOr(false, () => {
    if (object.is("ServiceAccount", "")) {
      return object.name.string() === "default" && object.root.at("automountServiceAccountToken").boolean() === false;
    }
    if (!object.is("RoleBinding", "rbac.authorization.k8s.io")) return false;
    return object.root.at("roleRef", "name").string() === "extension-apiserver-authentication-reader";
  });
}

const PREFIX = "pod-security.kubernetes.io";

const restrictedLabels = objectRule(namespaceLabels, {
  subject: "namespaces",
  // Those of the cluster itself run what needs the node.
  applies: (object) =>
    object.is("Namespace", "") && !isSystemNamespace(readOr(undefined, () => object.name.string()) ?? ""),
  check(object, report) {
    for (const mode of ["enforce", "audit", "warn"]) requireLabel(object, report, mode, /^restricted$/, "restricted");
    requireLabel(object, report, "enforce-version", /^v1\.\d+$/, `v1.${String(NEWEST_POD_SECURITY_MINOR)}`);
  },
});

function requireLabel(object: KubernetesObject, report: Report, mode: string, allowed: RegExp, example: string): void {
  report.attempt(() => {
    const field = object.metadata.at("labels", `${PREFIX}/${mode}`);
    const value = field.string();
    if (value !== undefined && allowed.test(value)) return;
    report.violation(field, value === undefined ? "is not set" : `is "${value}"`, `set it to ${example}`);
  });
}

export const namespaceRules: Rule[] = [ownNamespace, restrictedLabels];
