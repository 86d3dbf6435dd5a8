import type * as kubernetes from "@pulumi/kubernetes";
import { ArgumentError } from "../argumentError";

export interface Rule {
  /** @default [""], the core group */
  apiGroups?: readonly string[];
  resources: readonly string[];
  verbs: readonly string[];
}

/** What no Role of this project gives to people: each of these is a way to the Secrets of the namespace (PP.13). */
const REFUSED = {
  resources: ["*", "secrets", "pods/exec", "pods/attach", "pods/portforward", "serviceaccounts/token"],
  verbs: ["*", "bind", "escalate", "impersonate"],
} as const;

/** @throws ArgumentError when a rule has a wildcard or opens Secrets, exec or privilege escalation. */
export function roleArgs(name: string, namespace: string, rules: readonly Rule[]) {
  for (const rule of rules) {
    for (const field of ["resources", "verbs"] as const) {
      const refused = rule[field].find((value) => (REFUSED[field] as readonly string[]).includes(value));
      if (refused !== undefined) {
        throw new ArgumentError({
          where: `Role "${name}"`,
          argument: `rules.${field}`,
          problem: "opens more than a person may have",
          given: refused,
          allowed: `anything but ${REFUSED[field].join(", ")}`,
          fix: "name the resources and verbs that the group really uses",
        });
      }
    }
  }
  return {
    metadata: { name, namespace },
    rules: rules.map(({ apiGroups = [""], resources, verbs }) => ({
      apiGroups: [...apiGroups],
      resources: [...resources],
      verbs: [...verbs],
    })),
  } satisfies kubernetes.types.input.rbac.v1.Role;
}

export function groupBindingArgs(name: string, namespace: string, role: string, group: string) {
  if (group.startsWith("system:")) {
    throw new ArgumentError({
      where: `RoleBinding "${name}"`,
      argument: "group",
      problem: "is a group of Kubernetes itself",
      given: group,
      allowed: "a group of your identity provider",
      fix: "make a group for the operators of this system",
    });
  }
  return {
    metadata: { name, namespace },
    subjects: [{ kind: "Group", name: group, apiGroup: "rbac.authorization.k8s.io" }],
    roleRef: { kind: "Role", name: role, apiGroup: "rbac.authorization.k8s.io" },
  } satisfies kubernetes.types.input.rbac.v1.RoleBinding;
}
