import { ADVISORY, cis, gke, hipaa, MANDATORY, nist, ourNist, STRICT_IN_PROD, type Control } from "./control";

export const imageTag: Control = {
  id: "IMG-001",
  title: "Images name a fixed tag",
  what: "Images carry a tag other than latest, or a digest.",
  why: "What runs must be what was reviewed: latest is whatever was pushed last, on each node at another time.",
  severity: "high",
  enforcement: MANDATORY,
  references: ourNist("SI-7"),
  good: "image: ghcr.io/acme/fhir-api:1.4.2",
  remediation: ["Name the version of the image as its tag.", "Better: pin it by digest."],
  peers:
    "Kyverno, Checkov, Kubescape, Trivy, Polaris, KubeLinter. Registries with a port, image volumes and init containers are often missed.",
};

export const imageDigest: Control = {
  id: "IMG-002",
  title: "Images are pinned by digest",
  what: "Images are named by digest: name:tag@sha256:…",
  why: "A tag can be moved to other content; a digest is the content.",
  severity: "medium",
  enforcement: STRICT_IN_PROD,
  references: ourNist("SI-7"),
  good: "image: ghcr.io/acme/fhir-api:1.4.2@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  remediation: ["Look the digest up (crane digest IMAGE) and append it as @sha256:…, keeping the tag for people."],
  peers: "Kyverno, Checkov, Kubescape and gatekeeper-library; some accept any text after the @.",
};

export const imageRegistry: Control = {
  id: "IMG-003",
  title: "Images come from allowed registries",
  what: "Images come from a registry, or a path below one, in policy:registries.",
  why: "A registry of one's own choice is the shortest way to run somebody else's program next to patient data.",
  severity: "high",
  enforcement: MANDATORY,
  references: [...nist("AC-6"), ...gke("5.1.4")],
  good: 'policy:registries: ["registry.k8s.io", "ghcr.io/acme"]\n\nimage: ghcr.io/acme/fhir-api:1.4.2',
  remediation: [
    "Mirror the image to an allowed registry.",
    "Or add its registry to policy:registries, with the path that you trust.",
  ],
  peers:
    "Kyverno, Kubescape, Trivy, gatekeeper-library. Comparing bare prefixes lets ghcr.io/acme-evil pass for ghcr.io/acme.",
};

export const resources: Control = {
  id: "RES-001",
  title: "CPU and memory requested, memory limited",
  what: "Containers request cpu and memory and limit memory.",
  why: "One container without a limit takes the memory of the node, and with it every other workload there.",
  severity: "medium",
  enforcement: MANDATORY,
  references: nist("SC-6"),
  good: "resources:\n  requests: { cpu: 100m, memory: 128Mi }\n  limits: { memory: 256Mi }",
  remediation: ["Set resources.requests.cpu, resources.requests.memory and resources.limits.memory."],
  peers:
    "Kyverno, Checkov, Kubescape, Trivy, Polaris. Most know neither limits as default of requests nor resources of the pod.",
};

export const ephemeralStorage: Control = {
  id: "RES-002",
  title: "Scratch space is limited",
  what: "Containers limit ephemeral-storage and emptyDir volumes have a sizeLimit.",
  why: "Logs and scratch files fill the disk of the node, and the kubelet then evicts whoever is there.",
  severity: "low",
  enforcement: ADVISORY,
  references: ourNist("SC-6"),
  good: "resources:\n  limits: { ephemeral-storage: 256Mi }\n\nvolumes:\n  - name: tmp\n    emptyDir: { sizeLimit: 64Mi }",
  remediation: ["Set resources.limits.ephemeral-storage.", "Set sizeLimit for each emptyDir."],
  peers: "Kyverno (emptyDir only) and gatekeeper-library.",
};

export const tokenMount: Control = {
  id: "SA-001",
  title: "No token of the API server in pods",
  what: "Pods say automountServiceAccountToken: false.",
  why: "A token in every pod turns any break-in into access to the API server.",
  severity: "high",
  enforcement: MANDATORY,
  references: [...cis("5.1.6"), ...gke("4.1.5")],
  good: "spec:\n  automountServiceAccountToken: false",
  remediation: [
    "Set automountServiceAccountToken to false in the pod spec.",
    "Where the program does call the API server, mount a projected serviceAccountToken with audience and expiry, or ask for an exemption.",
  ],
  peers:
    "Kyverno, Checkov, Kubescape, Trivy, Polaris, kubesec. Some accept the field on the ServiceAccount though the pod overrides it.",
};

export const accountTokenMount: Control = {
  id: "SA-002",
  title: "ServiceAccounts hand out no token by themselves",
  what: "ServiceAccounts say automountServiceAccountToken: false.",
  why: "It is the default for pods that say nothing, such as those that somebody starts by hand.",
  severity: "low",
  enforcement: ADVISORY,
  references: [...cis("5.1.6"), ...gke("4.1.5")],
  good: "kind: ServiceAccount\nautomountServiceAccountToken: false",
  remediation: ["Set automountServiceAccountToken to false on the ServiceAccount."],
  peers: "Kyverno and Kubescape.",
};

export const defaultAccount: Control = {
  id: "SA-003",
  title: "The default ServiceAccount is not used",
  what: "Workloads run as a ServiceAccount of their own, and nothing is bound to the default one.",
  why: "Everything that names no account shares the default one: rights given to it are given to all of them.",
  severity: "high",
  enforcement: MANDATORY,
  references: [...cis("5.1.5"), ...gke("4.1.4"), ...nist("IA-4")],
  good: "spec:\n  serviceAccountName: fhir-api",
  remediation: [
    "Create a ServiceAccount for the workload and name it in serviceAccountName.",
    "Bind roles to that account.",
  ],
  peers: "Kyverno, Checkov, Kubescape, KubeLinter; the old name serviceAccount and bindings are often missed.",
};

export const namespaceUse: Control = {
  id: "NS-001",
  title: "Nothing in default or kube-* namespaces",
  what: "Objects name a namespace of their own, neither default nor kube-*.",
  why: "Quotas, network policies and pod security are set per namespace: in a shared one nobody's hold.",
  severity: "medium",
  enforcement: MANDATORY,
  references: [...cis("5.7.4"), ...gke("4.6.4")],
  good: "metadata:\n  namespace: fi-fhir",
  remediation: [
    "Set metadata.namespace to a namespace of the program.",
    "Or set namespace on the Kubernetes provider.",
  ],
  peers: "Kyverno, Checkov, Kubescape, Trivy, KubeLinter. None sees the default of a Pulumi provider.",
};

export const namespaceLabels: Control = {
  id: "PSS-018",
  title: "Namespaces enforce the restricted level",
  what: "Namespaces carry pod-security labels: enforce, audit and warn at restricted, with a pinned version.",
  why: "The labels make the API server itself refuse what reaches it past this program.",
  severity: "high",
  enforcement: MANDATORY,
  references: [...cis("5.2.1"), ...gke("4.2.1")],
  good: [
    "metadata:",
    "  labels:",
    "    pod-security.kubernetes.io/enforce: restricted",
    "    pod-security.kubernetes.io/enforce-version: v1.36",
    "    pod-security.kubernetes.io/audit: restricted",
    "    pod-security.kubernetes.io/warn: restricted",
  ].join("\n"),
  remediation: ["Add the four labels to the Namespace.", "Raise the pinned version together with the cluster."],
  peers: "Kyverno and Kubescape; neither asks for a pinned version.",
};

export const envSecrets: Control = {
  id: "SEC-001",
  title: "Secrets reach programs as files",
  what: "Environment variables are not filled from Secrets.",
  why: "The environment is inherited by child processes, printed in crash reports, and does not follow a rotated secret.",
  severity: "low",
  enforcement: ADVISORY,
  references: [...cis("5.4.1"), ...gke("4.4.1"), ...hipaa("164.312(a)(2)(iv)")],
  good: "volumes:\n  - name: database\n    secret: { secretName: database, defaultMode: 0400 }",
  remediation: [
    "Mount the Secret as a volume and read the file.",
    "Point the program at it, for example by a variable that ends in _FILE.",
  ],
  peers: "Kyverno, Checkov, Kubescape, KubeLinter, kubesec; init containers and envFrom are missed by some.",
};

export const literalCredentials: Control = {
  id: "SEC-002",
  title: "No credential in plain text",
  what: "No password, key or token is written into env, args, command or a ConfigMap.",
  why: "It is readable by everybody who may read pods or the state of the stack, and it never gets rotated.",
  severity: "critical",
  enforcement: MANDATORY,
  references: hipaa("164.312(d)"),
  good: "env:\n  - name: DATABASE_PASSWORD_FILE\n    value: /var/run/secrets/database/password",
  remediation: [
    "Put the value into Vault and let an ExternalSecret bring it into the namespace.",
    "Change the credential: it has been written down.",
  ],
  peers: "Kubescape, Trivy, Polaris and Datree match names or patterns; most print the value that they found.",
  allowUnknown: [
    {
      field: "env[].value, args[], data.* under a name that does not speak of a credential",
      reason: "Most are addresses of other resources. The content is checked at update, before the object is written.",
    },
  ],
};

export const plainSecret: Control = {
  id: "SEC-003",
  title: "Secrets are not written by the program",
  what: "Secrets come from Vault through External Secrets, not out of the program with literal data.",
  why: "A Secret that the program writes lives in its state and history, and is rotated only by another update.",
  severity: "high",
  enforcement: STRICT_IN_PROD,
  references: [...cis("5.4.2"), ...gke("4.4.2"), ...nist("SC-7", "AC-16")],
  good: "kind: ExternalSecret\nspec:\n  secretStoreRef: { kind: SecretStore, name: vault }\n  target: { name: database }",
  remediation: ["Write the value to Vault.", "Declare an ExternalSecret with the same target name."],
  peers: "Kubescape asks for external storage in general; Google Policy Controller blocks basic-auth Secrets.",
};

export const longLivedSecret: Control = {
  id: "SEC-004",
  title: "No ServiceAccount token or basic-auth Secret",
  what: "No Secret is of type service-account-token or basic-auth.",
  why: "The one is a token of the API server that never expires, the other a password by definition.",
  severity: "high",
  enforcement: MANDATORY,
  references: [...cis("5.4.2"), ...nist("SC-7", "AC-16")],
  good: "volumes:\n  - name: token\n    projected:\n      sources:\n        - serviceAccountToken: { path: token, audience: vault, expirationSeconds: 3600 }",
  remediation: [
    "Use a projected token with audience and expiry, or the TokenRequest API.",
    "Replace basic-auth by a credential that can be rotated.",
  ],
  peers: "Kyverno (token type) and Google Policy Controller (basic-auth).",
};

export const workloadControls: readonly Control[] = [
  imageTag,
  imageDigest,
  imageRegistry,
  resources,
  ephemeralStorage,
  tokenMount,
  accountTokenMount,
  defaultAccount,
  namespaceUse,
  namespaceLabels,
  envSecrets,
  literalCredentials,
  plainSecret,
  longLivedSecret,
];
