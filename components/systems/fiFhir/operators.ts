import { groupBindingArgs, roleArgs } from "../../hardening";
import { NAMESPACE } from "./names";

/** S4.37: no Secrets, no exec, no wildcards. */
export function operatorRole() {
  return roleArgs("fi-fhir-operator", NAMESPACE, [
    { resources: ["pods", "services", "configmaps"], verbs: ["get", "list", "watch"] },
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "list", "watch", "update", "patch"] },
    { resources: ["pods/log"], verbs: ["get", "list"] },
  ]);
}

/**
 * S4.38. Whoever may patch the Deployment can run any code with its secrets: the group is privileged, its members are
 * reviewed like those of cluster administrators, and the audit policy records each of their writes.
 */
export function operatorBinding(group = "fi-fhir-operators") {
  const binding = groupBindingArgs("fi-fhir-operators", NAMESPACE, "fi-fhir-operator", group);
  return {
    ...binding,
    metadata: { ...binding.metadata, labels: { "fhir-landing-zone/privileged": "true" } },
  };
}
