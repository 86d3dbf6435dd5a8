/** Provisioner of the default StorageClass: no controller, but the stages below. */
export const PROVISIONER = "landing-zone/simulated";

/**
 * How KWOK plays the machines: what a kubelet, a container runtime and a storage driver would report. Only the
 * observable outcome is played (ready, completed, bound); nothing runs and no byte is stored.
 */
export function stages(): object[] {
  return [nodeReady(), podRunning(), jobPodSucceeded(), podDeleted(), volumeProvisioned(), volumeRemoved()];
}

function stage(
  name: string,
  kind: string,
  jq: [key: string, operator: string, values?: string[]][],
  steps: object[],
): object {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: "v1", kind },
      selector: { matchExpressions: jq.map(([key, operator, values]) => ({ jq: { key, operator, values } })) },
      steps,
    },
  };
}

function status(template: string): object {
  return { patch: { subresource: "status", root: "status", template } };
}

const READY = '.status.conditions.[] | select(.type == "Ready") | .status';

/** Large enough for the whole platform on three nodes, and small enough that requests without measure stay pending. */
const NODE_SIZE = { cpu: 16, memory: "64Gi", storage: "200Gi", pods: 110 };

/** A node is ready as soon as it is registered. */
function nodeReady(): object {
  return stage(
    "node-ready",
    "Node",
    [[READY, "NotIn", ["True"]]],
    [
      status(`
{{ $now := Now }}
phase: Running
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
addresses:
- type: InternalIP
  address: {{ NodeIP | Quote }}
- type: Hostname
  address: {{ .metadata.name | Quote }}
capacity: &size { cpu: "${NODE_SIZE.cpu}", memory: ${NODE_SIZE.memory}, ephemeral-storage: ${NODE_SIZE.storage}, pods: "${NODE_SIZE.pods}" }
allocatable: *size
daemonEndpoints:
  kubeletEndpoint:
    Port: {{ NodePort }}
nodeInfo:
  architecture: {{ index .metadata.labels "kubernetes.io/arch" | Quote }}
  operatingSystem: linux
  bootID: ""
  machineID: ""
  systemUUID: ""
  osImage: simulated
  kernelVersion: simulated
  containerRuntimeVersion: simulated://{{ Version }}
  kubeletVersion: {{ index .metadata.annotations "landing-zone/kubelet-version" | Quote }}
  kubeProxyVersion: ""
`),
    ],
  );
}

const LIVES: [string, string] = [".metadata.deletionTimestamp", "DoesNotExist"];

/** A scheduled pod runs and is ready at once: init containers are done, sidecars run, readiness gates are open. */
function podRunning(): object {
  return stage(
    "pod-running",
    "Pod",
    [LIVES, [".status.phase", "In", ["Pending"]], [READY, "NotIn", ["True"]]],
    [
      status(`
{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
conditions:
{{ range list "PodReadyToStartContainers" "Initialized" "ContainersReady" "Ready" }}
- type: {{ . }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
{{ range .spec.readinessGates }}
- type: {{ .conditionType | Quote }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: true
  restartCount: 0
  {{ if eq (default "" .restartPolicy) "Always" }}
  started: true
  state: { running: { startedAt: {{ $now | Quote }} } }
  {{ else }}
  started: false
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }
  {{ end }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: true
  started: true
  restartCount: 0
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ end }}
{{ $hostIPs := NodeIPsWith .spec.nodeName }}
hostIP: {{ index $hostIPs 0 | Quote }}
hostIPs:
{{ range $hostIPs }}
- ip: {{ . | Quote }}
{{ end }}
{{ $podIPs := PodIPsWith .spec.nodeName (default false .spec.hostNetwork) .metadata.uid .metadata.name .metadata.namespace }}
podIP: {{ index $podIPs 0 | Quote }}
podIPs:
{{ range $podIPs }}
- ip: {{ . | Quote }}
{{ end }}
`),
    ],
  );
}

/** The pod of a Job ends well. */
function jobPodSucceeded(): object {
  const selector: [string, string, string[]?][] = [
    LIVES,
    [".status.phase", "In", ["Running"]],
    [".metadata.ownerReferences.[].kind", "In", ["Job"]],
  ];
  return stage("job-pod-succeeded", "Pod", selector, [
    status(`
{{ $now := Now }}
phase: Succeeded
conditions:
{{ range list "ContainersReady" "Ready" }}
- type: {{ . }}
  status: "False"
  reason: PodCompleted
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: false
  started: false
  restartCount: 0
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }
{{ end }}
`),
  ]);
}

function podDeleted(): object {
  return stage("pod-deleted", "Pod", [[".metadata.deletionTimestamp", "Exists"]], [{ delete: true }]);
}

/** What a storage driver does once the scheduler has picked a node: it makes a volume for the claim. */
function volumeProvisioned(): object {
  const selector: [string, string, string[]?][] = [
    LIVES,
    [".status.phase", "In", ["Pending"]],
    ['.metadata.annotations["volume.kubernetes.io/storage-provisioner"]', "In", [PROVISIONER]],
    ['.metadata.annotations["volume.kubernetes.io/selected-node"]', "Exists"],
  ];
  return stage("volume-provisioned", "PersistentVolumeClaim", selector, [
    {
      apply: {
        template: `
apiVersion: v1
kind: PersistentVolume
metadata:
  name: pvc-{{ .metadata.uid }}
  annotations:
    pv.kubernetes.io/provisioned-by: ${PROVISIONER}
spec:
  storageClassName: {{ .spec.storageClassName | Quote }}
  volumeMode: {{ default "Filesystem" .spec.volumeMode }}
  persistentVolumeReclaimPolicy: Delete
  accessModes: {{ .spec.accessModes | toJson }}
  capacity:
    storage: {{ .spec.resources.requests.storage | Quote }}
  claimRef:
    apiVersion: v1
    kind: PersistentVolumeClaim
    namespace: {{ .metadata.namespace | Quote }}
    name: {{ .metadata.name | Quote }}
    uid: {{ .metadata.uid | Quote }}
    resourceVersion: {{ .metadata.resourceVersion | Quote }}
  nfs:
    server: simulated.invalid
    path: /{{ .metadata.uid }}
`,
      },
    },
  ]);
}

/** And removes it when the claim is gone (reclaim policy Delete). */
function volumeRemoved(): object {
  const selector: [string, string, string[]?][] = [
    LIVES,
    [".status.phase", "In", ["Released"]],
    ['.metadata.annotations["pv.kubernetes.io/provisioned-by"]', "In", [PROVISIONER]],
  ];
  return stage("volume-removed", "PersistentVolume", selector, [{ delete: true }]);
}
