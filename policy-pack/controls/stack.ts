import { ADVISORY, cis, gke, hipaa, MANDATORY, nist, ourNist, type Control } from "./control";

export const defaultDeny: Control = {
  id: "NET-001",
  title: "Every namespace denies by default",
  what: "Each namespace that the stack creates or puts pods into isolates all its pods, for ingress and for egress.",
  why: "Without it every pod of the cluster may talk to every other and to the internet, and new pods start out that way.",
  severity: "high",
  enforcement: MANDATORY,
  references: [
    ...cis("5.3.2"),
    ...gke("4.3.2"),
    ...nist("AC-4", "CA-9", "SC-4", "SC-7"),
    ...hipaa("164.312(a)(1)", "164.312(e)(1)"),
  ],
  good: "kind: NetworkPolicy\nmetadata: { namespace: fi-fhir }\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]",
  remediation: [
    "Add a NetworkPolicy with an empty podSelector, policyTypes Ingress and Egress and no rules.",
    "Allow what is needed in policies of their own.",
  ],
  peers: "Kyverno, Kubescape, Trivy, Polaris, KubeLinter. Most are content with any policy in the namespace.",
};

export const allowAll: Control = {
  id: "NET-002",
  title: "No rule that allows everybody",
  what: "No rule of a NetworkPolicy allows all peers.",
  why: "Rules add up: one that allows all undoes every other policy for the pods that it selects.",
  severity: "high",
  enforcement: MANDATORY,
  references: nist("SC-7"),
  good: "ingress:\n  - from:\n      - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: istio-ingress } }\n    ports: [{ port: 8080 }]",
  remediation: [
    "Name the peers by podSelector, namespaceSelector or a narrow ipBlock.",
    "For the internet, exclude private ranges and the metadata server with except.",
  ],
  peers: "Kyverno looks for one spelling. Two halves of the address space, ::/0 and an absent `from` pass most.",
};

export const helmRelease: Control = {
  id: "OPQ-001",
  title: "No Helm Release",
  what: "Charts are rendered into resources of the program, not installed by helm.v3.Release.",
  why: "A Release shows its values only: what the chart makes of them is invisible to every policy and to the preview.",
  severity: "high",
  enforcement: MANDATORY,
  references: ourNist("CM-3"),
  good: 'new RenderedChart("cert-manager", { chart: "cert-manager", namespace: "cert-manager", values })',
  remediation: [
    "Render the chart and register its objects as resources.",
    "Where that is impossible, exempt this release with an owner who has read the chart.",
  ],
  peers: "None can see it.",
};

export const emptyInstaller: Control = {
  id: "OPQ-002",
  title: "Charts and manifests show their objects",
  what: "Chart, ConfigFile, ConfigGroup and Directory resources have children in the stack.",
  why: "With a cluster that does not exist yet these resources preview without children: the preview is green and has checked nothing.",
  severity: "high",
  enforcement: MANDATORY,
  references: ourNist("CM-3"),
  good: 'new RenderedChart("cert-manager", { chart: "cert-manager", namespace: "cert-manager", values })',
  remediation: ["Render without the cluster, into plain resources.", "Or create the cluster in a stack of its own."],
  peers: "None can see it.",
};

export const unknownKind: Control = {
  id: "OPQ-003",
  title: "The kind of every object is known",
  what: "apiVersion, kind and the items of lists are known at preview.",
  why: "Which controls apply to an object follows from its kind: an unknown one would pass them all.",
  severity: "high",
  enforcement: MANDATORY,
  references: ourNist("CM-3"),
  good: "apiVersion: apps/v1\nkind: Deployment",
  remediation: [
    "Write apiVersion and kind as literals.",
    "Build lists from known values, or register the objects one by one.",
  ],
  peers: "None can see it.",
};

export const validExemptions: Control = {
  id: "EXC-001",
  title: "Exemptions are complete and in date",
  what: "Each entry of policy:exemptions names control, resource or namespace, owner, reason and an expiry at most 180 days ahead.",
  why: "An exemption that nobody owns and that never ends is a control that was switched off.",
  severity: "high",
  enforcement: MANDATORY,
  references: ourNist("CM-3"),
  good: [
    "policy:exemptions:",
    "  - control: PSS-003",
    "    resource: cilium",
    "    namespace: kube-system",
    "    owner: platform@example.org",
    "    reason: The agent programs the kernel's network; it needs NET_ADMIN.",
    '    expires: "2027-01-31"',
  ].join("\n"),
  remediation: [
    "Complete the entry, or remove it.",
    "When it has expired: fix what it covers, or let its owner decide again.",
  ],
  peers: "None asks for owner and expiry; exclusion lists of other packs are silent.",
  exemptable: false,
};

export const usedExemptions: Control = {
  id: "EXC-002",
  title: "Exemptions are needed",
  what: "Each exemption covers at least one violation of this run.",
  why: "One that covers nothing waits for the next fault of that kind and hides it.",
  severity: "medium",
  enforcement: MANDATORY,
  references: ourNist("CM-3"),
  good: "An entry is removed together with the fault that it covered.",
  remediation: [
    "Remove the entry.",
    "If it should match: compare its resource and namespace with those of the violation.",
  ],
  peers: "None.",
  exemptable: false,
};

export const listedExemptions: Control = {
  id: "EXC-003",
  title: "Exemptions in force",
  what: "Every exemption in force is listed with every run.",
  why: "An exception that nobody sees becomes the rule.",
  severity: "low",
  enforcement: ADVISORY,
  references: ourNist("CM-3"),
  good: "No exemptions.",
  remediation: ["Nothing to do; this is the list."],
  peers: "None.",
  exemptable: false,
};

export const validSettings: Control = {
  id: "CFG-001",
  title: "Settings of the pack are valid",
  what: "The configuration of the pack, policy:*, says what it means to.",
  why: "A setting with a mistake in it must not pass for one that was made.",
  severity: "medium",
  enforcement: MANDATORY,
  references: ourNist("CM-3"),
  good: 'policy:stackKind: dev\npolicy:podSecurityVersion: "1.36"\npolicy:registries: ["registry.k8s.io", "ghcr.io/acme"]',
  remediation: ["Correct the setting. Until then the strict default holds."],
  peers: "None.",
  exemptable: false,
};

export const stackControls: readonly Control[] = [
  defaultDeny,
  allowAll,
  helmRelease,
  emptyInstaller,
  unknownKind,
  validSettings,
  validExemptions,
  usedExemptions,
  listedExemptions,
];
