import { cis, gke, hipaa, MANDATORY, nist, pss, type Control, type Reference } from "./control";

/** Controls of the Pod Security Standards, one for one, in the order of their page. */
interface Entry extends Omit<Control, "enforcement" | "references" | "podSecurity"> {
  /** The name of the control on the page of the Pod Security Standards. */
  standard: string;
  also?: readonly Reference[];
}

const baseline = (entry: Entry): Control => control("baseline", entry);
const restricted = (entry: Entry): Control => control("restricted", entry);

function control(podSecurity: "baseline" | "restricted", { standard, also = [], ...entry }: Entry): Control {
  const level = podSecurity === "baseline" ? "Baseline" : "Restricted";
  return { ...entry, podSecurity, enforcement: MANDATORY, references: [pss(`${level}: ${standard}`), ...also] };
}

const CONFIGURATION = nist("CM-3", "CM-7");
const TEMPLATE_BUG =
  "Several tools read spec.containers only, or bare Pods only, and miss init and ephemeral containers, CronJob, ReplicationController and PodTemplate.";

export const hostNamespaces = baseline({
  id: "PSS-001",
  standard: "Host Namespaces",
  title: "No host namespaces",
  what: "Pods do not share the network, process or IPC namespace of their node.",
  why: "In a namespace of the node a pod sees and reaches what belongs to the node and to other pods: their traffic, processes and memory.",
  severity: "critical",
  also: [...cis("5.2.3", "5.2.4", "5.2.5"), ...gke("4.2.1"), ...CONFIGURATION, ...hipaa("164.312(a)(1)")],
  good: "spec:\n  hostNetwork: false\n  hostPID: false\n  hostIPC: false",
  remediation: [
    "Remove hostNetwork, hostPID and hostIPC.",
    "Expose ports through a Service instead of the network of the node.",
  ],
  peers: `Found in every scanner. ${TEMPLATE_BUG}`,
});

export const privileged = baseline({
  id: "PSS-002",
  standard: "Privileged Containers",
  title: "No privileged container",
  what: "No container runs privileged.",
  why: "A privileged container is root on the node: every other control of this pack ends at it.",
  severity: "critical",
  also: [...cis("5.2.2"), ...gke("4.2.1"), ...CONFIGURATION],
  good: "securityContext:\n  privileged: false",
  remediation: [
    "Remove securityContext.privileged.",
    "Add the one capability that the program needs, if the standard allows it.",
  ],
  peers: `Found in every scanner. ${TEMPLATE_BUG}`,
});

export const addedCapabilities = baseline({
  id: "PSS-003",
  standard: "Capabilities",
  title: "Added capabilities stay within the baseline set",
  what: "Containers add no capability beyond those that runtimes grant anyway.",
  why: "Capabilities such as SYS_ADMIN, NET_RAW or SYS_PTRACE are ways out of the container or into the traffic of others.",
  severity: "high",
  also: [...cis("5.2.9"), ...gke("4.2.1"), ...CONFIGURATION],
  good: 'securityContext:\n  capabilities:\n    drop: ["ALL"]',
  remediation: [
    "Remove the capability from capabilities.add.",
    "Where a program claims to need it, look for a mode that does not.",
  ],
  peers: "Kyverno, Checkov, Kubescape, Trivy and Polaris; Checkov only knows a list of bad ones.",
});

export const droppedCapabilities = restricted({
  id: "PSS-004",
  standard: "Capabilities",
  title: "All capabilities dropped",
  what: "Containers drop ALL capabilities and add NET_BIND_SERVICE at most.",
  why: "What a container cannot do, nobody who takes it over can do either.",
  severity: "high",
  also: cis("5.2.8", "5.2.10"),
  good: 'securityContext:\n  capabilities:\n    drop: ["ALL"]',
  remediation: [
    'Set capabilities.drop to ["ALL"], in capitals.',
    "Add back NET_BIND_SERVICE only for ports below 1024.",
  ],
  peers: 'Kyverno, Checkov, Trivy, KubeLinter, kubesec. Some accept "all" in small letters, which does nothing.',
});

export const hostPath = baseline({
  id: "PSS-005",
  standard: "HostPath Volumes",
  title: "No hostPath volume",
  what: "Neither pods nor PersistentVolumes mount directories of the node.",
  why: "A mounted node directory leads to its credentials, its container runtime and the data of other pods.",
  severity: "critical",
  also: [...cis("5.2.12"), ...gke("4.2.1"), ...nist("SC-7", "AC-4", "CM-7", "SI-7")],
  good: "volumes:\n  - name: work\n    emptyDir:\n      sizeLimit: 1Gi",
  remediation: ["Use an emptyDir, a PersistentVolumeClaim or a projected volume."],
  peers:
    "Found in every scanner; Checkov looks for the Docker socket only, and only Kyverno looks at PersistentVolumes.",
});

export const hostPorts = baseline({
  id: "PSS-006",
  standard: "Host Ports",
  title: "No host port",
  what: "Containers open no port on their node.",
  why: "A host port is reachable past Services, network policies of the cluster and the mesh.",
  severity: "high",
  also: [...cis("5.2.13"), ...CONFIGURATION],
  good: "ports:\n  - name: http\n    containerPort: 8080",
  remediation: ["Remove hostPort.", "Reach the pod through a Service."],
  peers: "Kyverno, Checkov, Kubescape, Trivy, Polaris and gatekeeper-library.",
});

export const hostProbes = baseline({
  id: "PSS-007",
  standard: "Host Probes / Lifecycle Hooks",
  title: "Probes and hooks address their own pod",
  what: "Probes and lifecycle hooks set no host (Pod Security Standards 1.34 and newer).",
  why: "The kubelet calls these addresses from the node: a host of one's choice makes it a proxy into networks that pods cannot reach.",
  severity: "medium",
  good: "readinessProbe:\n  httpGet:\n    path: /ready\n    port: http",
  remediation: ["Remove host from the probe or hook."],
  peers: "gatekeeper-library only. Kyverno, Checkov, Trivy and Kubescape do not have it.",
});

export const appArmor = baseline({
  id: "PSS-008",
  standard: "AppArmor",
  title: "AppArmor profile not disabled",
  what: "The AppArmor profile is the runtime's own or a local one, in the fields and in the old annotation.",
  why: "An unconfined profile removes the last limit on files and system interfaces.",
  severity: "medium",
  also: [...gke("4.2.1"), ...CONFIGURATION],
  good: "securityContext:\n  appArmorProfile:\n    type: RuntimeDefault",
  remediation: [
    "Remove the profile, or set it to RuntimeDefault or Localhost.",
    "Remove container.apparmor.security.beta.kubernetes.io annotations.",
  ],
  peers:
    "Kyverno, Kubescape, Trivy, kubesec and gatekeeper-library; several know the annotation only, or the field only.",
});

export const seLinux = baseline({
  id: "PSS-009",
  standard: "SELinux",
  title: "SELinux type is a container type",
  what: "SELinux types are those made for containers; user and role are not set.",
  why: "Another type, user or role can lift the separation between the container and its node.",
  severity: "medium",
  also: [...gke("4.2.1"), ...CONFIGURATION],
  good: "securityContext:\n  seLinuxOptions:\n    type: container_t",
  remediation: [
    "Remove seLinuxOptions.user and role.",
    "Use container_t, container_init_t, container_kvm_t or, from 1.31, container_engine_t.",
  ],
  peers: "Kyverno, Trivy, Kubescape, Datree and gatekeeper-library; container_engine_t is missing in several.",
});

export const procMount = baseline({
  id: "PSS-010",
  standard: "/proc Mount Type",
  title: "Default /proc mount",
  what: "Containers keep the default, masked /proc.",
  why: "An unmasked /proc shows and changes settings of the kernel that all pods of the node share.",
  severity: "medium",
  also: [...gke("4.2.1"), ...CONFIGURATION],
  good: "securityContext:\n  procMount: Default",
  remediation: ["Remove procMount, or set it to Default."],
  peers:
    "Kyverno, Trivy, Polaris, KubeLinter. Kyverno is wrong where hostUsers is false: baseline allows it from 1.35, restricted does not.",
});

export const seccomp = baseline({
  id: "PSS-011",
  standard: "Seccomp",
  title: "Seccomp profile on",
  what: "Every container runs under a seccomp profile: RuntimeDefault or Localhost.",
  why: "Without a profile a container may call any system call, and most escapes start with one that no service needs.",
  severity: "high",
  also: [pss("Restricted: Seccomp"), ...cis("5.7.2"), ...gke("4.6.2"), ...CONFIGURATION],
  good: "securityContext:\n  seccompProfile:\n    type: RuntimeDefault",
  remediation: [
    "Set spec.securityContext.seccompProfile.type to RuntimeDefault for the pod.",
    "Remove Unconfined from its containers.",
  ],
  peers:
    "Kyverno, Checkov, Kubescape, Trivy, kubesec, Datree and gatekeeper-library; several flag Windows pods, which cannot set it.",
});

export const sysctls = baseline({
  id: "PSS-012",
  standard: "Sysctls",
  title: "Only safe sysctls",
  what: "Pods set only sysctls that are separate for each pod and known to be safe.",
  why: "Other sysctls change the kernel of the node for everybody on it.",
  severity: "medium",
  also: [...gke("4.2.1"), ...CONFIGURATION],
  good: 'securityContext:\n  sysctls:\n    - name: net.ipv4.ip_unprivileged_port_start\n      value: "1024"',
  remediation: ["Remove the sysctl, or set it for the whole node pool on purpose."],
  peers:
    "Kyverno, Trivy, KubeLinter and gatekeeper-library; lists of newer versions (1.27, 1.29, 1.32) are missing in several.",
});

export const hostProcess = baseline({
  id: "PSS-013",
  standard: "HostProcess",
  title: "No Windows HostProcess",
  what: "Windows pods do not run as processes of their host.",
  why: "A HostProcess container has the access of an administrator of the node.",
  severity: "critical",
  also: [...cis("5.2.11"), ...gke("4.2.1")],
  good: "securityContext:\n  windowsOptions:\n    hostProcess: false",
  remediation: ["Remove windowsOptions.hostProcess from the pod and its containers."],
  peers: "Kyverno, Trivy, Polaris, Datree and gatekeeper-library.",
});

export const volumeTypes = restricted({
  id: "PSS-014",
  standard: "Volume Types",
  title: "Only allowed volume types",
  what: "Volumes are of the nine types that the restricted level allows.",
  why: "In-tree network volumes carry credentials in the pod and are mounted by the node, outside of storage classes and their encryption.",
  severity: "medium",
  also: nist("SC-7", "CM-7"),
  good: "volumes:\n  - name: data\n    persistentVolumeClaim:\n      claimName: data",
  remediation: [
    "Use a PersistentVolumeClaim for storage.",
    "Use configMap, secret, projected, downwardAPI or emptyDir for the rest.",
  ],
  peers: "Kyverno, Trivy and gatekeeper-library; the image type (1.31) is missing in some.",
  allowUnknown: [
    {
      field: "spec.volumes[].<type>",
      reason: "The type of a volume is the name of the field that is set; its content does not matter here.",
    },
  ],
});

export const noEscalation = restricted({
  id: "PSS-015",
  standard: "Privilege Escalation",
  title: "No privilege escalation",
  what: "Containers say allowPrivilegeEscalation: false.",
  why: "Otherwise a set-user-ID program in the image makes its caller root again.",
  severity: "high",
  also: cis("5.2.6"),
  good: "securityContext:\n  allowPrivilegeEscalation: false",
  remediation: [
    "Set securityContext.allowPrivilegeEscalation to false in every container: it has no default for the pod.",
  ],
  peers: "Found in every scanner; several flag Windows pods, which cannot set it.",
});

export const nonRoot = restricted({
  id: "PSS-016",
  standard: "Running as Non-root",
  title: "Runs as non-root",
  what: "Containers say runAsNonRoot: true, themselves or through their pod.",
  why: "Root in a container is root on the node after an escape, and the kubelet can only refuse it when told to.",
  severity: "high",
  also: cis("5.2.7"),
  good: "securityContext:\n  runAsNonRoot: true",
  remediation: [
    "Set spec.securityContext.runAsNonRoot to true for the pod.",
    "Remove runAsNonRoot: false from its containers.",
  ],
  peers: "Found in every scanner; the exception for user namespaces (1.35) in none.",
});

export const nonRootUser = restricted({
  id: "PSS-017",
  standard: "Running as Non-root user",
  title: "User is not root",
  what: "runAsUser is not 0, for the pod or any container.",
  why: "User 0 contradicts runAsNonRoot and is refused by the kubelet only when the pod starts.",
  severity: "high",
  also: cis("5.2.7"),
  good: "securityContext:\n  runAsUser: 10001",
  remediation: ["Use the uid of a user without privileges, best above 10000."],
  peers: "Kyverno and Trivy; istioctl looks for its own uid 1337.",
});

export const podSecurityControls: readonly Control[] = [
  hostNamespaces,
  privileged,
  addedCapabilities,
  droppedCapabilities,
  hostPath,
  hostPorts,
  hostProbes,
  appArmor,
  seLinux,
  procMount,
  seccomp,
  sysctls,
  hostProcess,
  volumeTypes,
  noEscalation,
  nonRoot,
  nonRootUser,
];
