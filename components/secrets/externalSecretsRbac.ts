interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** Name of the controller's ServiceAccount, and of its Role and RoleBinding in each namespace that it serves. */
export const CONTROLLER = "external-secrets";

/**
 * What the controller may do in a namespace that it serves. It has no right outside of these namespaces; a chart's
 * default installation may read and write every Secret of the cluster and make tokens of every ServiceAccount.
 */
export function controllerRules(serviceAccounts: readonly string[]): PolicyRule[] {
  return [
    {
      apiGroups: ["external-secrets.io"],
      resources: ["secretstores", "externalsecrets"],
      verbs: ["get", "list", "watch", "update", "patch"],
    },
    {
      apiGroups: ["external-secrets.io"],
      resources: ["secretstores/status", "externalsecrets/status", "externalsecrets/finalizers"],
      verbs: ["get", "update", "patch"],
    },
    // Nobody uses generators here; the controller wants to see that all the same.
    { apiGroups: ["generators.external-secrets.io"], resources: ["generatorstates"], verbs: ["get", "list", "watch"] },
    // No name can be given: RBAC knows none for create and list, and the Secrets are the controller's own product.
    {
      apiGroups: [""],
      resources: ["secrets"],
      verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
    },
    // It logs in to Vault as these, and only as these.
    { apiGroups: [""], resources: ["serviceaccounts"], resourceNames: [...serviceAccounts], verbs: ["get"] },
    { apiGroups: [""], resources: ["serviceaccounts/token"], resourceNames: [...serviceAccounts], verbs: ["create"] },
    { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
  ];
}
