/** One rule of an audit policy; the first rule that matches a request decides. */
export interface AuditRule {
  level: "None" | "Metadata" | "Request" | "RequestResponse";
  users?: string[];
  userGroups?: string[];
  verbs?: string[];
  namespaces?: string[];
  nonResourceURLs?: string[];
  resources?: { group: string; resources?: string[] }[];
}

/** `audit.k8s.io/v1` Policy, a plain object for the API server's `--audit-policy-file`. */
export interface AuditPolicy {
  apiVersion: "audit.k8s.io/v1";
  kind: "Policy";
  omitStages: string[];
  rules: AuditRule[];
}

export interface AuditPolicyArgs {
  /**
   * Namespaces whose workloads handle protected health information. Writes there are recorded with their bodies, so that
   * an auditor can see what was changed and not only that it was.
   */
  phiNamespaces: readonly string[];
}

const WRITES = ["create", "update", "patch", "delete", "deletecollection"];

/**
 * What the API server records (HIPAA 164.312(b)), from the most to the least specific rule.
 *
 * The order is the policy: bodies that hold credentials must be met by a Metadata rule before any rule that records
 * bodies. So these come first, and they hold in every namespace, not only in the ones known today.
 */
export function auditPolicy({ phiNamespaces }: AuditPolicyArgs): AuditPolicy {
  return {
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    // A request is recorded when it is answered; the stage before would only double every line.
    omitStages: ["RequestReceived"],
    rules: [
      ...credentialRules(),
      ...intoThePodRules(),
      ...phiRules([...new Set(phiNamespaces)].sort()),
      ...noiseRules(),
      { level: "Metadata" },
    ],
  };
}

/** Who touched a credential and when, never the credential: an issued token or a review's token is in the body. */
function credentialRules(): AuditRule[] {
  return [
    {
      level: "Metadata",
      resources: [
        { group: "", resources: ["secrets", "serviceaccounts/token"] },
        { group: "authentication.k8s.io", resources: ["tokenreviews", "selfsubjectreviews"] },
      ],
    },
  ];
}

/** A shell in a pod is a GET (websocket) or a POST, thus no write: without a rule of its own it would go by as a read. */
function intoThePodRules(): AuditRule[] {
  const resources = [
    "pods/exec",
    "pods/attach",
    "pods/portforward",
    "pods/proxy",
    "pods/ephemeralcontainers",
    "services/proxy",
    "nodes/proxy",
  ];
  return [{ level: "Request", resources: [{ group: "", resources }] }];
}

/** Empty resources mean every resource of every group, custom ones included. */
function phiRules(namespaces: string[]): AuditRule[] {
  if (namespaces.length === 0) return []; // a rule without namespaces would match all of them
  return [
    // Leases and events are rewritten all the time and say nothing about who changed what.
    { level: "None", namespaces, resources: noiseResources() },
    { level: "RequestResponse", namespaces, verbs: WRITES },
    { level: "Metadata", namespaces },
  ];
}

/** What machines do by the thousand and nobody reads: it would push the entries that matter out of the retention. */
function noiseRules(): AuditRule[] {
  return [
    { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version", "/openapi/*"] },
    { level: "None", resources: noiseResources() },
    {
      level: "None",
      verbs: ["get", "list", "watch"],
      users: ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"],
    },
    { level: "None", verbs: ["get", "list", "watch"], userGroups: ["system:nodes"] },
  ];
}

function noiseResources(): { group: string; resources: string[] }[] {
  return [
    { group: "coordination.k8s.io", resources: ["leases"] },
    { group: "", resources: ["events"] },
    { group: "events.k8s.io", resources: ["events"] },
  ];
}
